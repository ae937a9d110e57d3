package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.StoppablePostgres;
import dev.escala.testing.StoppablePostgres.Stop;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The database goes away while somebody listens, and comes back. */
@Tag("integration")
class TailOutageTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource(names = {"FAST", "KILL"})
  void aStreamOutlivesItsDatabase(Stop how) {
    try (StoppablePostgres postgres = new StoppablePostgres(directory.resolve("data"));
        RunningServer server =
            RunningServer.start(
                """
                databases: {db: {url: "${URL}"}}
                topics: {events: {table: db.events, key: $.id, tail: true, canary: off}}
                """,
                postgres.database(),
                Map.of())) {
      eventually("it stores", () -> stores(server, "0"));
      eventually("the table is known", () -> server.get("/db/events").statusCode() == 200);
      try (Listening listening = new Listening(server, "/db/events?select=id")) {
        assertThat(listening.status()).isEqualTo(200);
        assertThat(stores(server, "1")).isTrue();
        postgres.stop(how);
        eventually(
            "nobody begins to listen now",
            () -> new Listening(server, "/db/events").status() == 503);
        Listening refused = new Listening(server, "/db/events");
        assertThat(refused.header("Retry-After")).isEqualTo("1");
        assertThat(refused.problem()).contains("\"code\":\"ESC001\"");
        postgres.start();
        eventually("it stores again", () -> stores(server, "2"));
        eventually("both are told", () -> listening.data().size() >= 2);
        assertThat(listening.data()).containsExactly("{\"id\":\"1\"}", "{\"id\":\"2\"}");
      }
    }
  }

  private static boolean stores(RunningServer server, String id) {
    return server.post("/topics/events", "{\"id\": \"%s\"}".formatted(id)).statusCode() == 200;
  }
}
