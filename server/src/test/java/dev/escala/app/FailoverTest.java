package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.Metrics;
import dev.escala.testing.PostgresServer.Database;
import dev.escala.testing.StoppablePostgres;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The primary is killed under load, its standby is promoted, and one URL names both. */
@Tag("integration")
class FailoverTest {
  private static final int CLIENTS = 3;
  private static final int BATCH = 20;
  private static final int BATCHES = 60;

  @TempDir private Path directory;

  /** What was acknowledged. */
  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();

  /** What of it was published when the standby had been promoted. */
  private final Set<String> afterwards = ConcurrentHashMap.newKeySet();

  private final AtomicInteger batches = new AtomicInteger();
  private volatile boolean promoted;
  private volatile boolean ended;

  @ParameterizedTest
  @ValueSource(strings = {"", "*"})
  void aPromotedStandbyTakesOver(String synchronousStandbys) throws InterruptedException {
    try (StoppablePostgres primary = new StoppablePostgres(directory.resolve("primary"));
        StoppablePostgres standby = primary.replica(directory.resolve("standby"));
        RunningServer server = start(primary.database(), standby.database())) {
      primary.set("synchronous_standby_names", synchronousStandbys);
      List<Thread> clients =
          IntStream.range(0, CLIENTS)
              .mapToObj(client -> Thread.ofVirtual().start(() -> publish(server, client)))
              .toList();
      awaitBatches(BATCHES);
      Set<String> safe = replicated(primary.database(), standby.database());

      primary.stop(StoppablePostgres.Stop.KILL);
      standby.database().execute("SELECT pg_promote()");
      promoted = true;
      awaitBatches(batches.get() + BATCHES);
      ended = true;
      for (Thread client : clients) {
        client.join();
      }

      List<String> rows = standby.database().rows("SELECT id FROM events");
      assertThat(rows).doesNotHaveDuplicates().containsAll(safe).containsAll(afterwards);
      if (!synchronousStandbys.isEmpty()) {
        assertThat(rows).containsAll(acknowledged);
      }
      String last = afterwards.iterator().next();
      eventually(
          "reads have followed",
          () -> server.get("/db/events?select=id&id=eq." + last).body().contains(last));
      eventually("it is well", () -> server.get("/health").statusCode() == 200);
      new Metrics(server.metrics()).assertBalanced();
    }
  }

  private static RunningServer start(Database primary, Database standby) {
    // The order says nothing of who is the primary.
    String both =
        "postgresql://postgres:postgres@localhost:%d,localhost:%d/postgres"
            .formatted(standby.url().port(), primary.url().port());
    return RunningServer.start(
        """
        databases: {db: {url: "${BOTH}"}}
        topics: {events: {table: db.events, key: $.id, canary: off}}
        """,
        primary,
        Map.of("BOTH", both));
  }

  /** As a client that sends again what was not acknowledged. */
  private void publish(RunningServer server, int client) {
    for (int batch = 0; !ended; batch++) {
      String name = client + "-" + batch + "-";
      String events =
          ids(name).stream()
              .map("{\"id\": \"%s\"}"::formatted)
              .collect(Collectors.joining(",", "[", "]"));
      boolean late = promoted;
      eventually(
          "it is taken", () -> ended || server.post("/topics/events", events).statusCode() == 200);
      if (!ended) {
        Set<String> ids = ids(name);
        acknowledged.addAll(ids);
        if (late) {
          afterwards.addAll(ids);
        }
        batches.incrementAndGet();
      }
    }
  }

  private void awaitBatches(int most) {
    eventually("clients go on", () -> batches.get() >= most);
  }

  /** What was acknowledged by now, once the standby has it. */
  private Set<String> replicated(Database primary, Database standby) {
    Set<String> sure = Set.copyOf(acknowledged);
    long end = primary.count("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn");
    eventually(
        "it is replayed",
        () -> standby.count("SELECT pg_last_wal_replay_lsn() - '0/0'::pg_lsn") >= end);
    return sure;
  }

  private static Set<String> ids(String batch) {
    return IntStream.range(0, BATCH).mapToObj(i -> batch + i).collect(Collectors.toSet());
  }
}
