package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.config.DatabaseUrl;
import dev.escala.postgres.DatabaseLogins;
import dev.escala.postgres.DatabaseLogins.Login;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import dev.escala.testing.SqsServer;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The role api by a login that owns nothing: all that it does goes on, and it stores nothing. */
@Tag("integration")
class ApiLoginTest {
  private static final String YAML =
      """
      databases:
        db: {url: "${OWNER}", read-url: "${READER}", api-url: "${API}"}
      topics:
        queued: {table: db.queued, key: $.id}
      sources:
        - sqs: {queue: "${QUEUE}", topic: queued, endpoint: "${ENDPOINT}", region: us-east-1, wait: 1s}
      canary: {every: 100ms, patience: 2s}
      probe: {every: 100ms}
      """;

  private final Database database = PostgresServer.newDatabase();
  private final SqsServer.Queue queue = SqsServer.shared().newQueue(30);
  private final String suffix = "_at_" + database.url().database();

  private RunningServer start(Application.Role role) {
    return RunningServer.start(
        YAML,
        database,
        Map.of(
            "OWNER", RunningServer.url(database, "owner" + suffix, "owner"),
            "READER", RunningServer.url(database, "reader" + suffix, "reader"),
            "API", RunningServer.url(database, "api" + suffix, "api"),
            "QUEUE", queue.url(),
            "ENDPOINT", SqsServer.shared().endpoint().toString()),
        role);
  }

  private static Login login(String name, String password) {
    return new Login(name, password, false);
  }

  @Test
  void answersWatchesAndMakesNothing() {
    DatabaseUrl administrator = database.url();
    DatabaseLogins.prepare(
        administrator,
        login("owner" + suffix, "owner"),
        login("reader" + suffix, "reader"),
        Optional.of(login("api" + suffix, "api")));
    try (RunningServer ingest = start(Application.Role.INGEST);
        RunningServer api = start(Application.Role.API)) {
      queue.send("{\"id\": \"A\"}");
      eventually("the row is answered", () -> api.get("/db/queued").body().contains("\"A\""));
      eventually(
          "its canary comes back",
          () -> api.metric("canary_served_total", "topic=\"queued\"") >= 3);
      eventually("all is well", () -> api.get("/health").statusCode() == 200);
      assertThat(ingest.get("/health").statusCode()).isEqualTo(200);

      HttpResponse<String> refused = api.post("/topics/queued", "{\"id\": \"B\"}");
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(refused.body()).contains("ESC145", "api-url");
      assertThat(api.metric("canary_lost_total")).isZero();
      assertThat(
              database.rows(
                  "SELECT DISTINCT usename FROM pg_stat_activity WHERE datname = current_database()"
                      + " AND usename IN ('owner%1$s', 'api%1$s') ORDER BY 1".formatted(suffix)))
          .as("the owner is that of ingest")
          .containsExactly("api" + suffix, "owner" + suffix);
    }
  }
}
