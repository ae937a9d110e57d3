package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.PostgresServer.Database;
import dev.escala.testing.RawConnection;
import dev.escala.testing.StoppablePostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reads from a standby that stand in the way of its replay. A read waits for an advisory lock of
 * the standby, so it is under way for as long as the test wants.
 */
@Tag("integration")
class ReplayConflictTest {
  @TempDir private static Path directory;

  private static StoppablePostgres primary;
  private static StoppablePostgres standby;
  private static RunningServer server;

  @BeforeAll
  static void start() {
    primary = new StoppablePostgres(directory.resolve("primary"));
    standby = primary.replica(directory.resolve("standby"));
    Database written = primary.database();
    written.execute("CREATE ROLE reader LOGIN PASSWORD 'secret'");
    written.execute("CREATE TABLE changing (id int)");
    written.execute(
        """
        CREATE VIEW held AS
        SELECT n, CASE WHEN n = 1 THEN pg_advisory_xact_lock_shared(153)::text END AS waited,
               (SELECT count(*) FROM changing) AS rows
        FROM generate_series(1, 3) n\
        """);
    written.execute(
        """
        CREATE VIEW held_late AS
        SELECT n, CASE WHEN n = 60000 THEN pg_advisory_xact_lock_shared(153)::text END AS waited,
               repeat('x', 200) AS text
        FROM generate_series(1, 60000) n, (SELECT count(*) FROM changing) AS c\
        """);
    written.execute("GRANT SELECT ON held, held_late TO reader");
    server =
        RunningServer.start(
            "databases: {db: {url: '${URL}', read-url: '${STANDBY}', timeout: 5m, "
                + "sql: {timeout: 5m}}}",
            written,
            Map.of("STANDBY", RunningServer.url(standby.database(), "reader", "secret")));
    eventually("the views are known", () -> server.get("/db").body().contains("held_late"));
    awaitQuiet(written);
    replayWaits(true);
  }

  /** What the server makes when it starts, and a vacuum, could be in the way of reads as well. */
  private static void awaitQuiet(Database written) {
    primary.set("autovacuum", "off");
    eventually("it has made what it needs", () -> server.metric("db_up", "role=\"writer\"") == 1);
    long end = written.count("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn");
    eventually(
        "all is replayed",
        () -> standby.database().count("SELECT pg_last_wal_replay_lsn() - '0/0'::pg_lsn") >= end);
  }

  @AfterEach
  void letReplayWait() {
    replayWaits(true);
  }

  @AfterAll
  static void stop() {
    server.close();
    standby.close();
    primary.close();
  }

  @Test
  void aReadInTheWayIsRepeatedOnce() throws SQLException {
    for (String path : new String[] {"/db/held", "/db?q=SELECT%20*%20FROM%20held"}) {
      double before = repeated();
      CompletableFuture<HttpResponse<String>> answer;
      try (Connection _ = holding()) {
        answer = asked(path);
        cancelReplayed();
        awaitRepeated(before);
        awaitWaiting();
      }
      assertThat(answer.join().statusCode()).as(answer.join().body()).isEqualTo(200);
      assertThat(answer.join().body()).contains("\"n\":3");
    }
  }

  @Test
  void inTheWayTwiceIsSaid() throws SQLException {
    for (String path : new String[] {"/db/held", "/db?q=SELECT%20*%20FROM%20held"}) {
      double before = repeated();
      try (Connection _ = holding()) {
        CompletableFuture<HttpResponse<String>> answer = asked(path);
        cancelReplayed();
        awaitRepeated(before);
        cancelReplayed();
        assertThat(answer.join().statusCode()).isEqualTo(503);
        assertThat(answer.join().body()).contains("\"code\":\"ESC153\"");
        assertThat(answer.join().headers().firstValue("Retry-After")).hasValue("1");
        assertThat(repeated()).as("once").isEqualTo(before + 1);
      }
    }
  }

  @Test
  void inTheMiddleOfAnAnswerItBreaksOff() throws SQLException, IOException {
    double before = repeated();
    try (Connection _ = holding();
        RawConnection client = new RawConnection(server.address().getPort())) {
      client.send(
          "GET /db/held_late HTTP/1.1\r\nHost: localhost\r\nAccept: application/x-ndjson\r\n\r\n");
      assertThat(client.answer()).isEqualTo("200 ");
      CompletableFuture<String> rest = CompletableFuture.supplyAsync(() -> everything(client));
      cancelReplayed();
      assertThat(rest.join())
          .contains("{\"error\":{\"code\":\"ESC153\"")
          .doesNotEndWith("0\r\n\r\n");
    }
    assertThat(repeated()).as("what has begun is not read again").isEqualTo(before);
  }

  /** Whoever reads now waits until this connection is closed. */
  private static Connection holding() throws SQLException {
    Connection holder = standby.database().connect();
    try (Statement statement = holder.createStatement()) {
      statement.execute("SELECT pg_advisory_lock(153)");
    }
    return holder;
  }

  private static String everything(RawConnection client) {
    try {
      return client.everything();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static CompletableFuture<HttpResponse<String>> asked(String path) {
    return CompletableFuture.supplyAsync(() -> server.get(path));
  }

  /** Replays a lock of what the read which waits holds, without waiting for it. */
  private static void cancelReplayed() {
    awaitWaiting();
    replayWaits(false);
    primary.database().execute("BEGIN; LOCK TABLE changing IN ACCESS EXCLUSIVE MODE; COMMIT");
  }

  /** Where it does not wait, what the server itself changes may cancel reads as well. */
  private static void replayWaits(boolean forReads) {
    standby.set("max_standby_streaming_delay", forReads ? "-1" : "0");
  }

  private static void awaitWaiting() {
    eventually(
        "it waits",
        () ->
            standby
                    .database()
                    .count(
                        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
                == 1);
  }

  private static void awaitRepeated(double before) {
    eventually("it is repeated", () -> repeated() == before + 1);
    replayWaits(true);
  }

  private static double repeated() {
    return server.metric("db_reads_repeated_total", "database=\"db\"");
  }
}
