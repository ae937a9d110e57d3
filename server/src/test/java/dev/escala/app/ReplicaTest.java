package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escala.config.ConfigurationException;
import dev.escala.testing.PostgresServer.Database;
import dev.escala.testing.StoppablePostgres;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads from a replica of PostgreSQL that falls behind, loses its primary, and catches up. */
@Tag("integration")
class ReplicaTest {
  private static final String BEHIND = "\"code\":\"ESC167\"";

  @TempDir private Path directory;

  private static RunningServer start(Database primary, Database replica) {
    return RunningServer.start(
        """
        databases: {db: {url: "${URL}", read-url: "${REPLICA}", max-lag: 2s}}
        topics: {events: {table: db.events, key: $.id, canary: off}}
        """,
        primary,
        Map.of("REPLICA", RunningServer.url(replica, "postgres", "postgres")));
  }

  @Test
  void nothingOlderThanAllowedIsRead() {
    try (StoppablePostgres primary = new StoppablePostgres(directory.resolve("primary"));
        StoppablePostgres replica = primary.replica(directory.resolve("replica"));
        RunningServer server = start(primary.database(), replica.database())) {
      publish(server, "1");
      eventually("it is read", () -> reads(server, "1"));
      assertThat(replica.database().rows("SELECT pg_is_in_recovery()")).containsExactly("t");

      replica.database().execute("SELECT pg_wal_replay_pause()");
      publish(server, "2");
      eventually("it is behind", () -> isBehind(server));
      HttpResponse<String> refused = server.get("/db/events");
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
      assertThat(server.get("/db?q=SELECT%201").body()).contains(BEHIND);
      assertThat(server.get("/db").body()).contains(BEHIND);
      assertThat(server.send("OPTIONS", "/db/events", "").statusCode()).isEqualTo(200);
      // It says what was seen at the last look, which may have been shortly before.
      eventually(
          "it is told", () -> server.metric("db_replica_lag_seconds", "database=\"db\"") > 2);
      assertThat(server.get("/health").body()).contains("replica_lag_ms", "max-lag");
      assertThat(server.get("/health").statusCode()).isEqualTo(503);
      publish(server, "3");

      replica.database().execute("SELECT pg_wal_replay_resume()");
      eventually("it has caught up", () -> reads(server, "2") && reads(server, "3"));
      eventually("it is well", () -> server.get("/health").statusCode() == 200);
    }
  }

  @Test
  void whatCannotBeComparedIsNotRead() {
    try (StoppablePostgres primary = new StoppablePostgres(directory.resolve("primary"));
        StoppablePostgres replica = primary.replica(directory.resolve("replica"));
        RunningServer server = start(primary.database(), replica.database())) {
      publish(server, "1");
      eventually("it is read", () -> reads(server, "1"));
      eventually(
          "both are looked at", () -> up(server, "writer") == 1 && up(server, "reader") == 1);
      primary.stop();
      eventually("nobody knows what it misses", () -> isBehind(server));
      eventually("the writer alone is away", () -> up(server, "writer") == 0);
      assertThat(up(server, "reader")).isEqualTo(1);
      primary.start();
      publish(server, "2");
      eventually("it follows again", () -> reads(server, "2"));
      eventually("it is back", () -> up(server, "writer") == 1);
    }
  }

  private static double up(RunningServer server, String role) {
    return server.metric("db_up", "role=\"" + role + "\"");
  }

  @Test
  void maxLagIsOfAReplica() {
    String url = "postgresql://reader:secret@localhost/db";
    assertThatThrownBy(
            () ->
                Configuration.read(
                    "test",
                    "databases: {db: {url: '%1$s', read-url: '%1$s', max-lag: 2s}}".formatted(url),
                    name -> null))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("max-lag")
        .hasMessageContaining("another server");
    assertThatThrownBy(
            () ->
                Configuration.read(
                    "test",
                    "databases: {db: {url: '%s', read-url: '%s', max-lag: 20ms}}"
                        .formatted(url, url.replace("localhost", "replica")),
                    name -> null))
        .hasMessageContaining("at least 200ms");
  }

  private static void publish(RunningServer server, String id) {
    String event = "{\"id\": \"%s\"}".formatted(id);
    eventually("it stores", () -> server.post("/topics/events", event).statusCode() == 200);
  }

  private static boolean reads(RunningServer server, String id) {
    return server
        .get("/db/events?select=id&id=eq." + id)
        .body()
        .equals("[{\"id\":\"" + id + "\"}]");
  }

  private static boolean isBehind(RunningServer server) {
    return server.get("/db/events").body().contains(BEHIND);
  }
}
