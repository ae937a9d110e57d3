package dev.escala.serve;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.http.CorsSettings;
import dev.escala.observe.Observation;
import dev.escala.serve.database.DatabaseSettings;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.RawConnection;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Model Context Protocol as it goes over HTTP, also where a client does not keep to it. */
@Tag("integration")
class McpMessagesTest {
  private static final String PING = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\"}";
  private static PostgresServer.Database database;
  private static ServedDatabase served;

  @BeforeAll
  static void start() {
    database = PostgresServer.newDatabase();
    database.execute(
        """
        CREATE TABLE notes (id int PRIMARY KEY);
        INSERT INTO notes VALUES (1);
        CREATE VIEW large AS SELECT repeat('x', 250000) AS text;
        CREATE VIEW sleepy AS SELECT id, pg_sleep(100)::text AS slept FROM notes\
        """);
    served = ServedDatabase.start(patient(), new CorsSettings(List.of("https://app.example.org")));
  }

  /** What nobody stops goes on for longer than the tests. */
  private static DatabaseSettings patient() {
    return new DatabaseSettings(
        "db",
        database.url(),
        Optional.empty(),
        List.of("public"),
        Duration.ofMinutes(3),
        ServedDatabase.POOLS,
        ServedDatabase.SQL);
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  @AfterEach
  void nothingFailedOnOurSide() {
    assertThat(served.observer.all(Observation.RequestFailed.class)).isEmpty();
    assertThat(post(PING).body()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}");
  }

  private static HttpResponse<String> post(String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + served.port() + "/db/mcp"))
            .header("Accept", "application/json, text/event-stream")
            .POST(BodyPublishers.ofString(body));
    if (headers.length == 0 || !headers[0].equals("Content-Type")) {
      request.header("Content-Type", "application/json");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return served.client().send(request.build(), BodyHandlers.ofString());
    } catch (IOException | InterruptedException failure) {
      throw new AssertionError(failure);
    }
  }

  private static String called(String tool, String arguments) {
    return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"%s\",\"arguments\":%s}}"
        .formatted(tool, arguments);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "DELETE", "PUT"})
  void thereAreNeitherStreamsNorSessions(String method) {
    HttpResponse<String> answer = served.send(method, "/db/mcp", "Accept", "text/event-stream");
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).contains("OPTIONS, POST");
  }

  @Test
  void itTellsItsMethods() {
    HttpResponse<String> answer = served.send("OPTIONS", "/db/mcp");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Allow")).contains("OPTIONS, POST");
  }

  @Test
  void onlyPagesThatAreNamedMayAsk() {
    HttpResponse<String> strange = post(PING, "Origin", "https://evil.example.org");
    assertThat(strange.statusCode()).isEqualTo(403);
    assertThat(strange.body()).contains("ESC148");
    assertThat(post(PING, "Origin", "null").statusCode()).isEqualTo(403);
    assertThat(post(PING, "Origin", "https://app.example.org").statusCode()).isEqualTo(200);
  }

  @Test
  void whereNoPageIsNamedNoneMayAsk() {
    try (ServedDatabase open = ServedDatabase.start(ServedDatabase.settings(database.url()))) {
      HttpResponse<String> answer =
          open.send(
              "POST",
              "/db/mcp",
              "Origin",
              "http://localhost:" + open.port(),
              "Content-Type",
              "application/json");
      assertThat(answer.body()).contains("ESC148");
    }
  }

  @Test
  void versionsThatAreNotKnownAreRefused() {
    assertThat(post(PING, "MCP-Protocol-Version", "2025-11-25").statusCode()).isEqualTo(200);
    HttpResponse<String> answer = post(PING, "MCP-Protocol-Version", "1999-01-01");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("ESC104", "2025-06-18");
  }

  /** The client decides whether it goes on with the one that is offered. */
  @Test
  void anotherVersionIsOfferedAtTheBeginning() {
    String initialize =
        """
        {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"1999-01-01",\
        "capabilities":{},"clientInfo":{"name":"test","version":"1"}}}\
        """;
    assertThat(post(initialize).body()).contains("\"protocolVersion\":\"2025-11-25\"");
  }

  @Test
  void aMessageIsJson() {
    assertThat(post(PING, "Content-Type", "text/plain").statusCode()).isEqualTo(415);
    assertThat(post(PING, "Content-Type", "application/json; charset=utf-8").statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{",
        "{}",
        "[{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\"}]",
        "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":null}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":[\"ping\"]}"
      })
  void whatIsNoMessageIsRefused(String body) {
    HttpResponse<String> answer = post(body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body())
        .contains("ESC112", "no batches")
        .doesNotContain("Exception", "jackson", "modelcontextprotocol");
  }

  @Test
  void whatIsNestedWithoutEndIsRefused() {
    String deep = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":";
    assertThat(post(deep + "[".repeat(200_000)).statusCode()).isEqualTo(400);
    assertThat(post(deep + "[".repeat(2_000) + "]".repeat(2_000) + "}").statusCode())
        .isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"drop/database\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"resources/list\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":[]}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":7,\"arguments\":3}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"none\"}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"clientInfo\":7}}"
      })
  void whatTheProtocolDoesNotHaveIsAnErrorOfIt(String body) {
    HttpResponse<String> answer = post(body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body())
        .contains("\"id\":1", "\"error\":{\"code\":-326")
        .doesNotContain("Exception", "jackson", "modelcontextprotocol", "java.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/unheard\",\"params\":{\"a\":1}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}"
      })
  void whatWantsNoAnswerIsTaken(String body) {
    HttpResponse<String> answer = post(body);
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void aHugeBodyIsRefused() {
    HttpResponse<String> answer =
        post(called("query", "{\"sql\":\"" + "x".repeat(2 << 20) + "\"}"));
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.body()).contains("ESC110");
  }

  @Test
  void halvesOfCharactersComeBackAsTheyCame() {
    assertThat(post("{\"jsonrpc\":\"2.0\",\"id\":\"\\ud800\",\"method\":\"ping\"}").body())
        .containsIgnoringCase("\"id\":\"\\ud800\"");
  }

  @Test
  void halvesOfCharactersAreNoNames() {
    String[] calls = {
      called("describe_relation", "{\"relation\":\"\\ud800\"}"),
      called("read_relation", "{\"relation\":\"notes\",\"query\":\"id=eq.\\udc00\"}"),
      called("read_relation", "{\"relation\":\"notes\",\"query\":\"id=eq.\\u0000\"}"),
      called("list_relations", "{\"\\ud800\":1}"),
      called("read_relation", "{\"relation\":\"a/b?c#d\",\"schema\":\"x\\r\\ny: z\"}")
    };
    for (String call : calls) {
      HttpResponse<String> answer = post(call);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(answer.body()).contains("\"isError\":true").doesNotContain("ESC000");
    }
  }

  /** Together more than all answers may have at once. */
  @Test
  void theRoomOfAnAnswerIsGivenBack() {
    for (int i = 0; i < 600; i++) {
      HttpResponse<String> answer = post(called("read_relation", "{\"relation\":\"large\"}"));
      assertThat(answer.body()).contains("\"isError\":false");
    }
  }

  @Test
  void whoLeavesStopsWhatItAskedFor() throws IOException {
    String body = called("read_relation", "{\"relation\":\"sleepy\",\"query\":\"limit=2000\"}");
    try (RawConnection leaving = new RawConnection(served.port())) {
      leaving.send(
          """
          POST /db/mcp HTTP/1.1\r
          Host: localhost\r
          Content-Type: application/json\r
          Content-Length: %d\r
          \r
          %s\
          """
              .formatted(body.length(), body));
      eventually("it is read", () -> sleeping() == 1);
    }
    eventually("it is stopped", () -> sleeping() == 0);
  }

  private static long sleeping() {
    return database.count(
        """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND state <> 'idle' AND query LIKE '%sleepy%'
          AND pid <> pg_backend_pid()\
        """);
  }
}
