package dev.escala.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.PostgresServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What somebody sees who invents topics, and who runs the server. */
@Tag("integration")
class InventedTopicsTest {
  private final RunningServer server =
      RunningServer.start(
          """
          databases: {db: {url: "${URL}"}}
          topics:    {"*": {table: "db.{topic}"}}
          publish:   {invented: {most: 2}}
          """,
          PostgresServer.newDatabase(),
          Map.of());

  @AfterEach
  void stop() {
    server.close();
  }

  private HttpResponse<String> admin(String method, String path) throws Exception {
    try (HttpClient client = HttpClients.create()) {
      URI uri = server.admin().resolve(path);
      return client.send(
          HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody()).build(),
          BodyHandlers.ofString());
    }
  }

  @Test
  void theMostAreToldSeenAndMended() throws Exception {
    assertThat(server.post("/topics/a", "{}").statusCode()).isEqualTo(200);
    assertThat(server.post("/topics/b", "{}").statusCode()).isEqualTo(200);
    HttpResponse<String> refused = server.post("/topics/c", "{}");
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("Retry-After")).hasValue("60");
    assertThat(refused.body()).contains("ESC131").contains("publish.invented");
    assertThat(server.post("/topics/a", "{}").statusCode()).isEqualTo(200);
    assertThat(server.get("/health").body())
        .containsPattern(
            "\"invented topics\":\\{\"status\":\"warn\",[^}]*\"most\":2,[^}]*\"open\":2,")
        .containsPattern("\"invented topics\":\\{[^}]*\"refused\":1[,}]");

    assertThat(admin("GET", "/topics").body()).contains("\"topic\":\"a\"", "\"topic\":\"b\"");
    assertThat(admin("DELETE", "/topics/a").body()).isEqualTo("{\"closed\":\"a\"}");
    assertThat(admin("DELETE", "/topics/a").statusCode()).isEqualTo(404);
    assertThat(server.post("/topics/c", "{}").statusCode()).isEqualTo(200);
  }
}
