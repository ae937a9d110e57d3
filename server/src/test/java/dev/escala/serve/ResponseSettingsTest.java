package dev.escala.serve;

import static dev.escala.serve.ServedDatabase.encoded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.catalog.RelationName;
import dev.escala.observe.Observation.RequestFailed;
import dev.escala.serve.database.DialectSettings;
import dev.escala.testing.PostgresServer;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What functions say of the answer in {@code response.headers} and {@code response.status}. */
@Tag("integration")
class ResponseSettingsTest {
  private static ServedDatabase served;
  private static ServedDatabase preceded;

  @BeforeAll
  static void start() {
    PostgresServer.Database database = PostgresServer.newDatabase();
    database.execute(
        """
        CREATE TABLE rows AS SELECT i AS id, repeat('x', 100) AS filler FROM generate_series(1, 3000) i;
        ALTER TABLE rows ADD PRIMARY KEY (id);
        CREATE FUNCTION says(headers text DEFAULT '', status text DEFAULT '') RETURNS text LANGUAGE sql
          AS $$SELECT set_config('response.headers', headers, true),
            set_config('response.status', status, true); SELECT 'said'$$;
        CREATE FUNCTION does(headers text) RETURNS void LANGUAGE plpgsql
          AS $$BEGIN PERFORM set_config('response.headers', headers, true); END$$;
        CREATE FUNCTION many() RETURNS SETOF rows LANGUAGE plpgsql
          AS $$BEGIN PERFORM set_config('response.headers', '[{"X-Many": "rows"}]', true);
            PERFORM set_config('response.status', '203', true);
            RETURN QUERY SELECT * FROM rows; END$$;
        CREATE FUNCTION before() RETURNS void LANGUAGE plpgsql AS $$BEGIN
            PERFORM set_config('response.headers',
              current_setting('request.headers')::json ->> 'x-say', true); END$$;
        CREATE VIEW seen AS SELECT current_setting('response.headers', true) AS headers\
        """);
    served = ServedDatabase.start(ServedDatabase.settings(database.url()));
    preceded =
        ServedDatabase.start(
            ServedDatabase.settings(database.url())
                .with(DialectSettings.DEFAULT.calling(new RelationName("public", "before"))));
  }

  @AfterAll
  static void stop() {
    served.close();
    preceded.close();
  }

  private static HttpResponse<String> says(String headers, String status) {
    return served.get("/db/rpc/says?headers=" + encoded(headers) + "&status=" + encoded(status));
  }

  private static String header(HttpResponse<String> answer, String name) {
    return String.join("; ", answer.headers().allValues(name));
  }

  @Test
  void headersGoBeforeThoseOfTheServer() {
    HttpResponse<String> answer =
        says(
            "[{\"Cache-Control\": \"max-age=60\"}, {\"Set-Cookie\": \"a=1\"}, {\"set-cookie\":"
                + " \"b=2\"}, {\"content-type\": \"text/x-own\"}, {\"Vary\": \"Accept\"}]",
            "");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("\"said\"");
    assertThat(header(answer, "Cache-Control")).isEqualTo("max-age=60");
    assertThat(header(answer, "Set-Cookie")).isEqualTo("a=1; b=2");
    assertThat(header(answer, "Content-Type")).isEqualTo("text/x-own");
    assertThat(header(answer, "Vary")).isEqualTo("Accept, Accept-Encoding");
    assertThat(header(says("", ""), "Vary")).isEqualTo("Accept, Prefer, Range, Accept-Encoding");
  }

  @ParameterizedTest
  @CsvSource({"200", "201", "418", "503", "599"})
  void theStatusIsTheirs(int status) {
    HttpResponse<String> answer = says("", "" + status);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).isEqualTo("\"said\"");
  }

  @Test
  void alsoWhereThereIsNothingOrMuchToSay() {
    HttpResponse<String> nothing =
        served.get("/db/rpc/does?headers=" + encoded("[{\"X-A\": \"b\"}]"));
    assertThat(nothing.statusCode()).isEqualTo(204);
    assertThat(header(nothing, "X-A")).isEqualTo("b");
    assertThat(says("[]", "204").body()).isEmpty();
    HttpResponse<String> many = served.get("/db/rpc/many");
    assertThat(many.statusCode()).isEqualTo(203);
    assertThat(header(many, "X-Many")).isEqualTo("rows");
    assertThat(header(many, "Transfer-Encoding")).as("it is streamed").isEqualTo("chunked");
    assertThat(many.body()).hasSizeGreaterThan(300_000).endsWith("]");
    assertThat(header(served.send("HEAD", "/db/rpc/many"), "X-Many")).isEqualTo("rows");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"A\": \"b\"}",
        "[{\"A\": \"b\", \"C\": \"d\"}]",
        "[{\"A\": 1}]",
        "[{}]",
        "[\"A: b\"]",
        "nonsense",
        "[{\"A\": \"b\\nC: d\"}]",
        "[{\"A b\": \"c\"}]",
        "[{\"Content-Length\": \"1\"}]",
        "[{\"transfer-encoding\": \"chunked\"}]"
      })
  void headersThatCannotBeAreAFaultOfTheFunction(String headers) {
    int before = served.observer.all(RequestFailed.class).size();
    HttpResponse<String> answer = says(headers, "");
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body())
        .contains("PGRST111")
        .contains(
            "response.headers guc must be a JSON array composed of objects with a single key and a"
                + " string value");
    assertThat(served.observer.all(RequestFailed.class)).hasSize(before + 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "100", "600", "x", "200 OK", "2e2"})
  void soAreStatusesThatCannotBe(String status) {
    HttpResponse<String> answer = says("", status);
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body())
        .contains("PGRST112", "response.status guc must be a valid status code");
  }

  /** In each way in which rows are read. */
  @ParameterizedTest
  @ValueSource(
      strings = {"/db/rows?id=eq.1", "/db/rows?limit=5", "/db/rows", "/db/rpc/does?headers="})
  void aFunctionThatIsCalledBeforeMaySayIt(String way) {
    HttpResponse<String> answer = preceded.get(way, "X-Say", "[{\"X-Said\": \"before\"}]");
    boolean isReplaced = way.contains("does");
    assertThat(header(answer, "X-Said")).isEqualTo(isReplaced ? "" : "before");
    assertThat(header(preceded.get(way), "X-Said")).isEmpty();
    assertThat(preceded.get(way, "X-Say", "nonsense").statusCode())
        .isEqualTo(isReplaced ? 204 : 500);
    assertThat(preceded.get("/db/seen?limit=1").body()).doesNotContain("before");
  }
}
