package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.StoppablePostgres;
import dev.escala.testing.StoppablePostgres.Stop;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The database goes away while somebody listens, and comes back. */
@Tag("integration")
class TailOutageTest {
  @TempDir private Path directory;

  private RunningServer start(StoppablePostgres postgres) {
    return RunningServer.start(
        """
        databases: {db: {url: "${URL}"}}
        topics: {events: {table: db.events, key: $.id, tail: true, canary: off}}
        """,
        postgres.database(),
        Map.of());
  }

  private static void awaitTable(RunningServer server) {
    eventually("it stores", () -> stores(server, "0"));
    eventually("the table is known", () -> server.get("/db/events").statusCode() == 200);
  }

  /** Also one that begins while it is away: an EventSource would never come back after a 503. */
  @ParameterizedTest
  @EnumSource(names = {"FAST", "KILL"})
  void aStreamOutlivesItsDatabase(Stop how) {
    try (StoppablePostgres postgres = new StoppablePostgres(directory.resolve("data"));
        RunningServer server = start(postgres)) {
      awaitTable(server);
      try (Listening listening = new Listening(server, "/db/events?select=id")) {
        assertThat(listening.status()).isEqualTo(200);
        assertThat(stores(server, "1")).isTrue();
        eventually("it is told", () -> listening.data().size() == 1);
        postgres.stop(how);
        eventually("it is away", () -> server.get("/db/events").statusCode() == 503);
        try (Listening late =
            Listening.waiting(
                server, "/db/events?select=id", "Last-Event-ID", listening.lastId())) {
          assertThat(late.status()).isEqualTo(200);
          postgres.start();
          eventually("it stores again", () -> stores(server, "2"));
          eventually("both are told", () -> listening.data().size() >= 2);
          assertThat(listening.data()).containsExactly("{\"id\":\"1\"}", "{\"id\":\"2\"}");
          eventually("so is who came late", () -> !late.data().isEmpty());
          assertThat(late.data()).containsExactly("{\"id\":\"2\"}");
        }
      }
    }
  }

  @Test
  void whoComesBeforeTheDatabaseWaitsForIt() {
    String position;
    try (StoppablePostgres postgres = new StoppablePostgres(directory.resolve("data"))) {
      try (RunningServer server = start(postgres)) {
        awaitTable(server);
        try (Listening listening = new Listening(server, "/db/events")) {
          eventually("it has a position", () -> !listening.lastId().isEmpty());
          position = listening.lastId();
        }
      }
      postgres.stop(Stop.FAST);
      try (RunningServer server = start(postgres);
          Listening listening =
              Listening.waiting(server, "/db/events?select=id", "Last-Event-ID", position);
          Listening lost = Listening.waiting(server, "/db/no_such_relation")) {
        assertThat(
                server.send("HEAD", "/db/events", "", "Accept", "text/event-stream").statusCode())
            .isEqualTo(503);
        assertThat(List.of(listening.status(), lost.status())).containsOnly(200);
        postgres.start();
        eventually("it stores", () -> stores(server, "1"));
        eventually("it is told", () -> !listening.data().isEmpty());
        assertThat(listening.data()).containsExactly("{\"id\":\"1\"}");
        eventually("what is not there ends", lost::isEnded);
        assertThat(new Listening(server, "/db/no_such_relation").status()).isEqualTo(404);
      }
    }
  }

  private static boolean stores(RunningServer server, String id) {
    return server.post("/topics/events", "{\"id\": \"%s\"}".formatted(id)).statusCode() == 200;
  }
}
