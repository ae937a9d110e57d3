package dev.escala.serve;

import static dev.escala.serve.ServedDatabase.header;
import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.PostgresServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Functions and aggregates that make answers of media types which domains are called like. */
@Tag("integration")
class MediaHandlersTest {
  private static PostgresServer.Database database;
  private static ServedDatabase served;

  @BeforeAll
  static void start() {
    database = PostgresServer.newDatabase();
    database.execute(
        """
        CREATE DOMAIN "image/png" AS bytea; CREATE DOMAIN "text/html" AS text; CREATE DOMAIN "*/*" AS text;
        CREATE DOMAIN "application/vnd.Lines" AS bytea; CREATE DOMAIN "text/csv" AS text;
        CREATE DOMAIN "application/geo+json" AS jsonb; CREATE DOMAIN "text/x-rows" AS text;
        CREATE DOMAIN "not a/type" AS text;
        CREATE TABLE lines (id int PRIMARY KEY, name text, s int); INSERT INTO lines VALUES (1, 'é', 7), (2, 'b', 8), (3, 'c', 9);
        CREATE TABLE notes (id int PRIMARY KEY, text text, line int REFERENCES lines); INSERT INTO notes VALUES (1, 'note', 1);
        CREATE TABLE others AS SELECT 1 AS id;
        CREATE VIEW "any.txt" AS SELECT * FROM lines;
        CREATE FUNCTION picture() RETURNS "image/png" IMMUTABLE LANGUAGE sql AS $$SELECT '\\x89504e47'::bytea$$;
        CREATE FUNCTION page(title text DEFAULT NULL) RETURNS "text/html" STABLE LANGUAGE sql
          AS $$SELECT '<h1>' || title || '</h1>'$$;
        CREATE FUNCTION anything() RETURNS "*/*" LANGUAGE plpgsql AS $$DECLARE
            accept text := current_setting('request.headers', true)::json ->> 'accept';
          BEGIN
            PERFORM set_config('response.headers', '[{"Content-Type": "text/x-said"}]', true);
            RETURN 'any';
          END$$;
        CREATE FUNCTION odd() RETURNS "not a/type" STABLE LANGUAGE sql AS $$SELECT 'odd'$$;
        CREATE FUNCTION large(size int) RETURNS "text/html" STABLE LANGUAGE sql AS $$SELECT repeat('x', size)$$;
        CREATE FUNCTION get_lines() RETURNS SETOF lines STABLE LANGUAGE sql AS 'SELECT * FROM lines';
        CREATE FUNCTION lines_trans(state bytea, next lines) RETURNS "application/vnd.Lines" IMMUTABLE LANGUAGE sql
          AS $$SELECT state || convert_to(next.id || next.name || ';', 'UTF8')$$;
        CREATE AGGREGATE lines_agg (lines) (INITCOND = '', STYPE = "application/vnd.Lines", SFUNC = lines_trans);
        CREATE FUNCTION csv_trans(state text, next lines) RETURNS text IMMUTABLE LANGUAGE sql
          AS $$SELECT state || next.id || E'\\n'$$;
        CREATE FUNCTION csv_final(data text) RETURNS "text/csv" LANGUAGE plpgsql AS $$BEGIN
            PERFORM set_config('response.headers', '[{"Content-Disposition": "attachment; filename=lines.csv"}]', true);
            RETURN E'id\\n' || data; END$$;
        CREATE AGGREGATE csv_agg (lines) (INITCOND = '', STYPE = text, SFUNC = csv_trans, FINALFUNC = csv_final);
        CREATE FUNCTION any_trans(state "*/*", next "any.txt") RETURNS "*/*" IMMUTABLE LANGUAGE sql
          AS $$SELECT (coalesce(state, '') || next.id)::"*/*"$$;
        CREATE AGGREGATE any_agg ("any.txt") (STYPE = "*/*", SFUNC = any_trans);
        CREATE FUNCTION rows_trans(state text, next anyelement) RETURNS "text/x-rows" IMMUTABLE LANGUAGE sql
          AS $$SELECT (coalesce(state, '') || next::text)::"text/x-rows"$$;
        CREATE AGGREGATE rows_agg (anyelement) (STYPE = "text/x-rows", SFUNC = rows_trans);\
        """);
    served = ServedDatabase.start(ServedDatabase.settings(database.url()));
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          rpc/page?title=a    | text/html                          | text/html                        | <h1>a</h1>
          rpc/page?title=a    | text/html,application/xml;q=0.9    | text/html                        | <h1>a</h1>
          rpc/page?title=a    | TEXT/HTML; charset=utf-8           | text/html                        | <h1>a</h1>
          rpc/page?title=a    | image/png, text/html;q=0.5         | text/html                        | <h1>a</h1>
          rpc/page?title=a    | application/json, text/html        | application/json; charset=utf-8  | "<h1>a</h1>"
          rpc/page?title=a    | */*                                | application/json; charset=utf-8  | "<h1>a</h1>"
          rpc/page            | text/html                          | text/html                        | ``
          rpc/anything        | application/json                   | text/x-said                      | any
          rpc/anything        | image/png                          | text/x-said                      | any
          rpc/odd             | */*                                | application/json; charset=utf-8  | "odd"
          lines?order=id      | application/vnd.lines              | application/vnd.Lines            | 1é;2b;3c;
          lines?id=gt.1&order=id.desc&limit=1 | application/vnd.lines | application/vnd.Lines         | 3c;
          lines?id=gt.9       | application/vnd.lines              | application/vnd.Lines            | ``
          rpc/get_lines?id=lt.2 | application/vnd.lines            | application/vnd.Lines            | 1é;
          lines?limit=1       | text/x-rows                        | text/x-rows                      | (1,é,7)
          lines?select=s&limit=1 | text/x-rows                     | text/x-rows                      | (7)
          lines?select=count(),s.sum() | text/x-rows               | text/x-rows                      | (3,24)
          lines?select=id,notes(text)&id=eq.1 | text/x-rows        | text/x-rows                      | `(1,"[{""text"":""note""}]")`
          others              | text/x-rows                        | text/x-rows                      | (1)
          any.txt?order=id    | application/json                   | application/octet-stream         | 123
          any.txt?order=id&limit=2 | text/nothing                  | application/octet-stream         | 12
          """)
  void theDatabaseMakesTheAnswer(String path, String accept, String type, String body) {
    HttpResponse<String> answer = served.get("/db/" + path, "Accept", accept);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(header(answer, "Content-Type")).isEqualTo(type);
    assertThat(answer.body()).isEqualTo(body);
  }

  @Test
  void octetsAreOctets() throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        served
            .client()
            .send(
                served.request("GET", "/db/rpc/picture", "Accept", "image/png"),
                BodyHandlers.ofByteArray());
    assertThat(answer.body()).isEqualTo(new byte[] {(byte) 0x89, 'P', 'N', 'G'});
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("image/png");
    assertThat(answer.headers().firstValue("Content-Length")).hasValue("4");
  }

  /** In place of the server's own, and with a say in the headers. */
  @Test
  void anAggregateGoesBeforeAFormOfTheServer() {
    HttpResponse<String> answer = served.get("/db/lines?order=id", "Accept", "text/csv");
    assertThat(answer.body()).isEqualTo("id\n1\n2\n3\n");
    assertThat(header(answer, "Content-Type")).isEqualTo("text/csv");
    assertThat(header(answer, "Content-Disposition")).isEqualTo("attachment; filename=lines.csv");
    assertThat(served.get("/db/lines?select=id&order=id", "Accept", "text/csv").body())
        .as("of whole rows alone")
        .isEqualTo("id\r\n1\r\n2\r\n3\r\n");
    assertThat(served.get("/db/lines?format=csv&limit=1").body())
        .isEqualTo("id,name,s\r\n1,é,7\r\n");
    assertThat(served.get("/db/others", "Accept", "text/csv").body()).isEqualTo("id\r\n1\r\n");
    assertThat(
            served.get("/db/any.txt?id=eq.1", "Accept", "application/vnd.pgrst.object+json").body())
        .as("types of PostgREST's own are never taken")
        .isEqualTo("{\"id\":1,\"name\":\"é\",\"s\":7}");
  }

  @Test
  void itIsCountedAndPagedLikeRows() {
    HttpResponse<String> answer =
        served.get(
            "/db/lines?order=id&limit=2&offset=1",
            "Accept",
            "application/vnd.lines",
            "Prefer",
            "count=exact");
    assertThat(answer.statusCode()).isEqualTo(206);
    assertThat(header(answer, "Content-Range")).isEqualTo("1-2/3");
    assertThat(header(answer, "Content-Location")).isEqualTo("/db/lines?limit=2&offset=1&order=id");
    HttpResponse<String> head = served.send("HEAD", "/db/lines", "Accept", "application/vnd.lines");
    assertThat(header(head, "Content-Type")).isEqualTo("application/vnd.Lines");
    assertThat(head.body()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/db/lines, image/png",
    "/db/lines?select=id, application/vnd.lines",
    "/db/others, application/vnd.lines",
    "/db/rpc/picture, text/html",
    "/db/rpc/odd, not a/type"
  })
  void whatNothingMakesIsNotAcceptable(String path, String accept) {
    HttpResponse<String> answer = served.get(path, "Accept", accept);
    assertThat(answer.statusCode()).isEqualTo(406);
    assertThat(answer.body())
        .contains("PGRST107", "None of these media types are available: " + accept);
  }

  @Test
  void anAnswerIsHeldWholeAndSoBounded() {
    String most = "/db/rpc/large?size=" + (4 << 20);
    assertThat(served.get(most, "Accept", "text/html").body()).hasSize(4 << 20);
    HttpResponse<String> answer =
        served.get("/db/rpc/large?size=" + ((4 << 20) + 1), "Accept", "text/html");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("ESC144");
  }

  @Test
  void mistakesAreToldAsInOtherForms() {
    HttpResponse<String> answer =
        served.get("/db/lines?id=is.true", "Accept", "application/vnd.lines");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("42804", "argument of IS TRUE must be type boolean");
    assertThat(served.get("/db/lines?no=eq.1", "Accept", "application/vnd.lines").body())
        .contains("42703");
  }

  @Test
  void oneThatIsNewIsFound() {
    database.execute(
        """
        CREATE DOMAIN "text/x-new" AS text;
        CREATE FUNCTION brand_new() RETURNS "text/x-new" STABLE LANGUAGE sql AS $$SELECT 'new'$$;\
        """);
    eventually(
        "it is known",
        () -> served.get("/db/rpc/brand_new", "Accept", "text/x-new").body().equals("new"));
  }
}
