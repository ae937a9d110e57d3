package dev.escala.serve;

import static dev.escala.serve.ServedDatabase.header;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.serve.database.DatabaseSettings;
import dev.escala.testing.PostgresServer;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads, media types and paths. */
@Tag("integration")
class RelationHeadersTest {
  private static PostgresServer.Database database;
  private static ServedDatabase served;

  @BeforeAll
  static void start() {
    database = PostgresServer.newDatabase();
    database.execute(
        """
        CREATE TABLE few (id int PRIMARY KEY, v int);
        INSERT INTO few VALUES (1, NULL), (2, 5);
        CREATE TABLE many AS SELECT i AS id FROM generate_series(1, 2000) i;
        CREATE TABLE documents (id int PRIMARY KEY, format text);
        INSERT INTO documents VALUES (1, 'csv'), (2, 'pdf');
        CREATE SCHEMA other;
        CREATE TABLE other.few (id int PRIMARY KEY);
        INSERT INTO other.few VALUES (7)\
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
      value = {
        "/db/many||200|*/*",
        "/db/many?limit=1900||200|*/*",
        "/db/many?offset=2|count=exact|206|2-1999/2000",
        "/db/many?limit=1500|count=exact|206|0-1499/2000",
        "/db/few||200|0-1/*",
      })
  void aStreamHasTheRangeThatIsKnown(String path, String prefer, int status, String range) {
    for (String method : List.of("GET", "HEAD")) {
      HttpResponse<String> answer =
          served.send(method, path, "Prefer", prefer == null ? "nothing" : prefer);
      assertThat(answer.statusCode()).isEqualTo(status);
      assertThat(header(answer, "Content-Range")).as(method).isEqualTo(range);
      assertThat(header(answer, "Vary")).isEqualTo("Accept, Prefer, Range, Accept-Encoding");
    }
  }

  @Test
  void headHasNoLength() {
    for (String path : List.of("/db/few", "/db/few?id=eq.1", "/db/many", "/db/nope")) {
      HttpResponse<String> answer = served.send("HEAD", path);
      assertThat(header(answer, "Content-Length")).as(path).isEqualTo("none");
      assertThat(header(answer, "Transfer-Encoding")).as(path).isEqualTo("none");
    }
  }

  @Test
  void headIgnoresTheRange() {
    assertThat(header(served.send("HEAD", "/db/few", "Range", "0-0"), "Content-Range"))
        .isEqualTo("0-1/*");
  }

  @Test
  void theProfileIsToldWhereThereIsAChoice() {
    assertThat(header(served.get("/db/few"), "Content-Profile")).isEqualTo("none");
    assertThat(header(served.get("/db/few", "Accept-Profile", "public"), "Content-Profile"))
        .isEqualTo("public");
    try (ServedDatabase both = ServedDatabase.start(schemas("public", "other"))) {
      assertThat(header(both.get("/db/few"), "Content-Profile")).isEqualTo("public");
      HttpResponse<String> other = both.get("/db/few", "Accept-Profile", "other");
      assertThat(header(other, "Content-Profile")).isEqualTo("other");
      assertThat(other.body()).isEqualTo("[{\"id\":7}]");
      assertThat(header(both.get("/db/many"), "Content-Profile"))
          .as("a stream")
          .isEqualTo("public");
    }
  }

  private static DatabaseSettings schemas(String... schemas) {
    return new DatabaseSettings(
        "db",
        database.url(),
        Optional.empty(),
        List.of(schemas),
        Duration.ofSeconds(30),
        ServedDatabase.POOLS,
        ServedDatabase.SQL);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/vnd.pgrst.array+json|application/json; charset=utf-8|[{\"id\":1,\"v\":null}]",
        "application/vnd.pgrst.array|application/json; charset=utf-8|[{\"id\":1,\"v\":null}]",
        "Application/VND.pgrst.array+json;NULLS=stripped|"
            + "application/vnd.pgrst.array+json;nulls=stripped; charset=utf-8|[{\"id\":1}]",
        "application/vnd.pgrst.object+json|"
            + "application/vnd.pgrst.object+json; charset=utf-8|{\"id\":1,\"v\":null}",
        "application/vnd.pgrst.object+json; nulls=stripped|"
            + "application/vnd.pgrst.object+json;nulls=stripped; charset=utf-8|{\"id\":1}",
      })
  void theTypeThatIsEchoed(String accept, String type, String body) {
    HttpResponse<String> answer = served.get("/db/few?id=eq.1", "Accept", accept);
    assertThat(header(answer, "Content-Type")).isEqualTo(type);
    assertThat(answer.body()).isEqualTo(body);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "json|application/json; charset=utf-8|[{\"id\":2,\"v\":5}]",
        "ndjson|application/x-ndjson; charset=utf-8|{\"id\":2,\"v\":5}",
        "csv|text/csv; charset=utf-8|id,v 2,5",
      })
  void aParameterNamesTheFormat(String format, String type, String body) {
    String path = "/db/few?id=eq.2&format=" + format;
    HttpResponse<String> answer = served.get(path, "Accept", "image/png");
    assertThat(header(answer, "Content-Type")).isEqualTo(type);
    assertThat(answer.body().strip().replace("\r\n", " ")).isEqualTo(body);
    assertThat(header(answer, "Content-Location"))
        .isEqualTo("/db/few?format=" + format + "&id=eq.2");
  }

  @Test
  void aColumnMayBeNamedFormat() {
    assertThat(served.get("/db/documents?format=eq.csv&select=id").body())
        .isEqualTo("[{\"id\":1}]");
    assertThat(served.get("/db/documents?format=csv&format=in.(csv)&select=id").body())
        .isEqualTo("id\r\n1\r\n");
    assertThat(served.get("/db/few?format=xml").body()).contains("PGRST100");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/db/few/", "/db/few/1", "/db//few", "/db/few//", "/db/few/1/2/3", "/db/few/?x=1"})
  void nothingStandsBelowARelation(String path) {
    HttpResponse<String> answer = served.get(path);
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body())
        .isEqualTo(
            "{\"code\":\"PGRST125\",\"details\":null,\"hint\":null,"
                + "\"message\":\"Invalid path specified in request URL\"}");
  }

  @Test
  void theRootMayEndWithASlash() {
    assertThat(served.get("/db/").body()).isEqualTo(served.get("/db").body());
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE", "BREW"})
  void whatWouldWriteIsNoMethod(String method) {
    for (String path : List.of("/db/few?id=eq.1", "/db")) {
      HttpResponse<String> answer = served.send(method, path);
      assertThat(answer.statusCode()).isEqualTo(405);
      assertThat(header(answer, "Allow")).isEqualTo("OPTIONS,GET,HEAD");
      assertThat(answer.body()).contains("PGRST117", "Unsupported HTTP method: " + method);
    }
  }

  @Test
  void aHeaderTellsTheCodeOfAnError() {
    assertThat(header(served.send("HEAD", "/db/nope"), "Proxy-Status"))
        .isEqualTo("Escala; error=PGRST205");
    assertThat(header(served.get("/db/few?id=eq.x"), "Proxy-Status"))
        .isEqualTo("Escala; error=22P02");
    assertThat(header(served.get("/db/few"), "Proxy-Status")).isEqualTo("none");
  }
}
