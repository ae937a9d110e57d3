package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import dev.escala.testing.RawConnection;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** How listening ends, and what it holds meanwhile: clients that are slow or leave, and a stop. */
@Tag("integration")
@Isolated("counts the threads of the JVM")
class TailEndsTest {
  private static final int LARGE_BATCH = 50_000;
  private static final int MOST_OF_CLIENT = 250;

  @TempDir private Path directory;
  private int dumps;

  private final Database database = PostgresServer.newDatabase();
  private RunningServer server;

  @BeforeEach
  void start() {
    server =
        RunningServer.startAsWritten(
            """
            http:  {host: 127.0.0.1, port: 0, grace: 1h}
            admin: {host: 127.0.0.1, port: 0}
            databases: {db: {url: "${URL}", pools: {stalled: 300ms}}}
            topics: {events: {table: db.events, key: $.id, tail: true}}
            """,
            database,
            Map.of());
    publish("{\"id\": \"0\", \"n\": 0, \"filler\": \"\"}");
    eventually("the table is known", () -> server.get("/db/events").statusCode() == 200);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void publish(String rows) {
    assertThat(server.post("/topics/events", rows).statusCode()).isEqualTo(200);
  }

  private static String rows(int first, int count, int fillerCharacters) {
    String filler = "x".repeat(fillerCharacters);
    return IntStream.range(first, first + count)
        .mapToObj(n -> "{\"id\": \"%d\", \"n\": %d, \"filler\": \"%s\"}".formatted(n, n, filler))
        .collect(Collectors.joining("\n"));
  }

  @Test
  void aLargeBatchIsToldWhole() {
    try (Listening listening = new Listening(server, "/db/events?select=n")) {
      publish(rows(1, LARGE_BATCH, 0));
      eventually("all are told", () -> listening.data().size() >= LARGE_BATCH);
      assertThat(listening.data()).hasSize(LARGE_BATCH);
      assertThat(new HashSet<>(listening.data())).hasSize(LARGE_BATCH);
    }
  }

  /** A question takes a mebibyte, or one row: these are larger. */
  @Test
  void largeRowsAreToldOneByOne() {
    try (Listening listening = new Listening(server, "/db/events?select=n,filler")) {
      publish(rows(1, 4, 1_500_000));
      eventually("all are told", () -> listening.data().size() == 4);
    }
  }

  /** What it does not take is not read from the database; where it was cut it goes on. */
  @Test
  void whoTakesNothingIsCutOffAndLosesNothing() throws IOException {
    String from;
    try (Listening first = new Listening(server, "/db/events")) {
      eventually("it has a position", () -> !first.lastId().isEmpty());
      from = first.lastId();
    }
    try (RawConnection stalled = new RawConnection(server.address().getPort())) {
      stalled.send(
          "GET /db/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n");
      eventually("it listens", () -> listeners() == 1);
      for (int i = 0; i < 40; i++) {
        publish(rows(1 + i * 100, 100, 10_000));
      }
      eventually("it is cut off", () -> listeners() == 0);
      assertThat(server.metric("http_response_bytes_total", "route=\"/{database}/{relation}\""))
          .as("what is buffered on the way, of forty million")
          .isLessThan(30e6);
    }
    try (Listening again = new Listening(server, "/db/events?select=n", "Last-Event-ID", from)) {
      eventually("all are told", () -> again.data().size() == 4_000);
    }
  }

  private double listeners() {
    return server.metric("http_event_streams");
  }

  @Test
  void nothingIsLeftOfWhoLeaves() throws IOException {
    for (int i = 0; i < 3; i++) {
      try (Listening listening = new Listening(server, "/db/events?select=n")) {
        assertThat(listeners()).isEqualTo(1);
        assertThat(tailThreads()).isEqualTo(1);
        publish(rows(10 + i, 1, 0));
        eventually("it is told", () -> listening.data().size() == 1);
      }
      eventually("it is gone", () -> listeners() == 0);
    }
    eventually("no thread looks any more", () -> tailThreads() == 0);
    assertThat(
            database.count(
                """
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND application_name LIKE 'escala%'
                  AND state LIKE '%transaction%'\
                """))
        .isZero();
  }

  private int tailThreads() throws IOException {
    Path dump = directory.resolve("threads-%d.json".formatted(dumps++));
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpThreads(dump.toString(), ThreadDumpFormat.JSON);
    return Files.readString(dump).split("\"name\": \"tails\"", -1).length - 1;
  }

  @Test
  void oneClientHasNoMoreThanItsShare() {
    List<Listening> open = new ArrayList<>();
    try {
      for (int i = 0; i < MOST_OF_CLIENT; i++) {
        open.add(new Listening(server, "/db/events"));
      }
      assertThat(open).allMatch(each -> each.status() == 200);
      Listening refused = new Listening(server, "/db/events");
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.header("Retry-After")).isNotEmpty();
      assertThat(refused.problem()).contains("\"code\":\"ESC005\"");
      publish("{\"id\": \"to-all\", \"n\": 1, \"filler\": \"\"}");
      eventually("all are told", () -> open.stream().allMatch(each -> each.data().size() == 1));
      open.removeLast().close();
      eventually("there is room", () -> listeners() < MOST_OF_CLIENT);
      open.add(new Listening(server, "/db/events"));
      assertThat(open.getLast().status()).isEqualTo(200);
    } finally {
      open.forEach(Listening::close);
    }
  }

  /** The grace of an hour is for answers that end by themselves. */
  @Test
  void aStopEndsAllAtOnce() {
    try (Listening one = new Listening(server, "/db/events");
        Listening two = new Listening(server, "/db/events?n=gt.5")) {
      CompletableFuture<Void> closed = CompletableFuture.runAsync(server::close);
      eventually("they end", () -> one.isEnded() && two.isEnded());
      closed.join();
      assertThat(one.lastId()).isNotEmpty();
    }
  }

  /** It counts as an answer that took as long as its head, and not as what came of it later. */
  @Test
  void howLongItLastedIsNoLatency() {
    double before = answers("count");
    long openedNanos = System.nanoTime();
    try (Listening listening = new Listening(server, "/db/events?select=n")) {
      publish(rows(1, 1, 0));
      eventually("it is told", () -> listening.data().size() == 1);
      String ofRow = listening.lastId();
      eventually(
          "a position comes without a row, with the heartbeat",
          () -> !listening.lastId().equals(ofRow));
    }
    Duration lasted = Duration.ofNanos(System.nanoTime() - openedNanos);
    eventually("it is counted", () -> answers("count") > before);
    assertThat(answers("sum")).isLessThan((double) lasted.toSeconds());
  }

  private double answers(String what) {
    return server.metric(
        "http_request_duration_seconds_" + what,
        "route=\"/{database}/{relation}\"",
        "code=\"2xx\"");
  }
}
