package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.config.ConfigurationException;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import dev.escala.testing.SqsServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The whole server on real PostgreSQL and SQS, over HTTP. */
@Tag("integration")
class ApplicationTest {
  private static final HttpClient CLIENT = HttpClients.create();

  private final Database database = PostgresServer.newDatabase();
  private final SqsServer.Queue queue = SqsServer.shared().newQueue(30);
  private final Application application = start(Application.Role.ALL);

  private Application start(Application.Role role) {
    String yaml =
        """
        http:  {host: 127.0.0.1, port: 0}
        admin: {host: 127.0.0.1, port: 0}
        databases:
          db: {url: "${URL}"}
        topics:
          departures: {table: db.departures, key: $.id}
          "*": {table: "db.{topic}"}
        sources:
          - sqs: {queue: "${QUEUE}", topic: departures, endpoint: "${ENDPOINT}", region: us-east-1}
        """;
    String url =
        "postgresql://%s:%s@%s:%d/%s"
            .formatted(
                database.url().user(),
                database.url().password(),
                database.url().host(),
                database.url().port(),
                database.url().database());
    Map<String, String> environment =
        Map.of(
            "URL", url, "QUEUE", queue.url(), "ENDPOINT", SqsServer.shared().endpoint().toString());
    try {
      return Application.start(Configuration.read("test", yaml, environment::get), role);
    } catch (ConfigurationException impossible) {
      throw new AssertionError(impossible);
    }
  }

  @AfterEach
  void stop() {
    application.close();
  }

  private HttpResponse<String> send(int port, HttpRequest.Builder request, String path) {
    try {
      return CLIENT.send(
          request.uri(URI.create("http://127.0.0.1:" + port + path)).build(),
          BodyHandlers.ofString());
    } catch (IOException | InterruptedException failure) {
      throw new AssertionError(failure);
    }
  }

  private String get(String path) {
    return send(application.httpPort(), HttpRequest.newBuilder(), path).body();
  }

  private String post(String path, String body) {
    return send(
            application.httpPort(),
            HttpRequest.newBuilder().POST(BodyPublishers.ofString(body)),
            path)
        .body();
  }

  @Test
  void aMessageOfTheQueueIsSoonReadOverHttp() {
    queue.send("{\"id\":\"LA800\",\"delay\":5,\"at\":\"2026-11-24T12:00:00Z\"}");
    eventually(
        "it is read",
        () ->
            get("/db/departures?select=id,delay,at&id=eq.LA800")
                .equals("[{\"id\":\"LA800\",\"delay\":5,\"at\":\"2026-11-24T12:00:00+00:00\"}]"));
    eventually("it is acknowledged", () -> queue.size() == 0);
  }

  @Test
  void whatIsPostedIsThereWhenTheAnswerCame() {
    assertThat(post("/topics/greetings", "{\"hello\":\"world\"}"))
        .contains("\"received\":1", "\"stored\":1");
    eventually(
        "the new table is known",
        () -> get("/db/greetings?select=hello").equals("[{\"hello\":\"world\"}]"));
    assertThat(post("/topics/departures", "{\"id\":\"A\"}\n{\"id\":\"A\"}\nnonsense"))
        .contains("\"stored\":1", "\"duplicates\":1", "json.malformed");
    assertThat(database.count("SELECT count(*) FROM escala.dead_letter")).isEqualTo(1);
  }

  @Test
  void theTwoPortsAnswerWhatIsTheirs() {
    for (int i = 0; i < 8; i++) {
      assertThat(get("/ping")).isEqualTo("{\"status\":\"ok\"}");
      assertThat(send(application.adminPort(), HttpRequest.newBuilder(), "/metrics").body())
          .contains("escala_build_info");
      assertThat(send(application.httpPort(), HttpRequest.newBuilder(), "/metrics").statusCode())
          .isEqualTo(404);
    }
    eventually(
        "it is ready",
        () ->
            send(application.adminPort(), HttpRequest.newBuilder(), "/ready").statusCode() == 200);
  }

  @Test
  void pagesOfOtherOriginsMayReadThePublicPortAlone() {
    HttpRequest.Builder ofAPage = HttpRequest.newBuilder().header("Origin", "https://a.example");
    assertThat(send(application.httpPort(), ofAPage, "/ping").headers().map())
        .containsEntry("access-control-allow-origin", List.of("*"));
    assertThat(send(application.adminPort(), ofAPage, "/metrics").headers().map())
        .doesNotContainKey("access-control-allow-origin");
  }

  @Test
  void healthNamesTheThreeThingsThatMatter() {
    eventually("all is well", () -> get("/health").startsWith("{\"status\":\"ok\""));
    assertThat(get("/health"))
        .contains("\"api\":{\"status\":\"ok\"", "\"database db\":{\"status\":\"ok\"", "up_seconds")
        .contains("\"source sqs departures\":{\"status\":\"ok\"");
  }

  @Test
  void whatComesAfterTheEndStaysInTheQueue() {
    eventually("it runs", () -> get("/health").contains("source sqs departures"));
    application.close();
    queue.send("{\"id\":\"late\"}");
    assertThat(queue.size()).isEqualTo(1);
    application.close();
  }
}
