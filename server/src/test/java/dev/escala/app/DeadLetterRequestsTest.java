package dev.escala.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked about dead letters and cannot be answered; nothing is changed by it. */
@Tag("integration")
class DeadLetterRequestsTest {
  private static final String YAML =
      """
      databases: {db: {url: "${URL}", pools: {pipelined: 1, streams: 1, sql: 1}}}
      topics: {t: {table: db.t}}
      auth: none
      """;

  private static final Database DATABASE = PostgresServer.newDatabase();

  @TempDir private static Path folder;

  private static RunningServer server;
  private static Path file;

  @BeforeAll
  static void start() throws Exception {
    server = RunningServer.start(YAML, DATABASE, Map.of());
    file =
        Files.writeString(
            folder.resolve("escala.yaml"),
            YAML.replace("${URL}", RunningServer.url(DATABASE, "postgres", "postgres")));
    assertThat(server.post("/topics/t", "{}\nbad\n", "Content-Type", "application/x-ndjson").body())
        .contains("json.malformed");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpResponse<String> admin(String method, String path) {
    return server.send(method, "admin:" + path, "");
  }

  private static List<String> statuses() {
    return DATABASE.rows("SELECT status FROM escala.dead_letter");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --reason | field.typ         | did you mean field.type?
          --status | open              | status is new, resolved, discarded or any
          --since  | yesterday         | since is a time such as
          --until  | +999999999-01-01T00:00:00Z | until is a time such as
          --id     | '1 OR 1=1'        | id is a number
          --limit  | 0                 | --limit is 1 to
          --database | another         | There is no database another; there are: db
          """)
  void whatCannotBeReadIsSaid(String option, String value, String said) {
    String[] arguments = {"dead-letters", "list", "--config", file.toString(), option, value};
    assertThat(CommandRun.of(arguments).exitsWith(2)).contains(said);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /dead-letters?limit=1001",
        "GET /dead-letters?limit=x",
        "GET /dead-letters?limit=99999999999999999999",
        "GET /dead-letters?topc=t",
        "GET /dead-letters?topic=t&topic=u",
        "GET /dead-letters?since=%25zz",
        "GET /dead-letters?reason=%27%20OR%20true",
        "GET /dead-letters?id=-1",
        "GET /dead-letters?database=nowhere",
        "POST /dead-letters/discard",
        "POST /dead-letters/discard?all=yes",
        "POST /dead-letters/discard?status=any&topic=t",
        "POST /dead-letters/replay?status=resolved",
        "POST /dead-letters/replay?dry-run=1",
      })
  void theAdminPortSaysWhatItCannotRead(String request) {
    String[] words = request.split(" ", 2);
    HttpResponse<String> refused = admin(words[0], words[1]);
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
    assertThat(refused.body()).contains("ESC163");
    assertThat(statuses()).containsOnly("new");
  }

  @Test
  void theAdminPortKnowsWhatIsNotThere() {
    for (String id : List.of("99", "x", "99999999999999999999", "replay")) {
      assertThat(admin("GET", "/dead-letters/" + id).body()).contains("ESC164");
    }
    assertThat(admin("GET", "/dead-letters?topic=%00%27;--").body())
        .isEqualTo("{\"dead_letters\":[],\"next\":null}");
    assertThat(admin("DELETE", "/dead-letters/1").statusCode()).isEqualTo(405);
  }

  @Test
  void aPageOfAWebSiteMayNotAsk() {
    HttpResponse<String> refused =
        server.send("POST", "admin:/dead-letters/discard?all=true", "", "Origin", "http://evil");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("ESC148");
    assertThat(statuses()).containsOnly("new");
  }
}
