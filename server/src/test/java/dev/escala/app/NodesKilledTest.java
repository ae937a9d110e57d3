package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.CitusCluster;
import dev.escala.testing.Metrics;
import dev.escala.testing.PostgresServer.Database;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Messages go on coming while backends, workers and the coordinator of a real Citus are killed in
 * an order that a seed gives: each becomes one row, or one dead letter.
 */
@Tag("integration")
class NodesKilledTest {
  private static final long SEED = Long.getLong("escala.seed", 20261201);
  private static final int ROUNDS = Integer.getInteger("escala.rounds", 6);
  private static final int PUBLISHERS = 2;
  private static final int BATCH = 40;

  /** One table, and one of many days. */
  private static final List<String> TOPICS = List.of("events", "daily");

  /** So many batches have to be stored between two faults. */
  private static final int BETWEEN = 2;

  private final AtomicBoolean ended = new AtomicBoolean();
  private final AtomicInteger batches = new AtomicInteger();
  private final AtomicInteger settled = new AtomicInteger();

  @Test
  void eachMessageIsOneRow() throws Exception {
    try (CitusCluster cluster = CitusCluster.start();
        RunningServer server = start(cluster.database());
        ExecutorService publishers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> publishing = new ArrayList<>();
      for (int i = 0; i < PUBLISHERS; i++) {
        publishing.add(publishers.submit(() -> publishUntilEnded(server)));
      }
      try {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
          goesOn();
          fault(cluster, random);
        }
        goesOn();
      } finally {
        ended.set(true);
      }
      for (Future<?> each : publishing) {
        each.get();
      }
      assertAllThere(cluster.database(), server);
    }
  }

  private static RunningServer start(Database database) {
    return RunningServer.start(
        """
        databases: {db: {url: "${URL}"}}
        topics:
          events:
            table: db.events
            key: $.id
            columns: [{name: id, type: text}, {name: n, type: integer}, {name: at, type: timestamptz}]
            distribute: key
            shards: 4
            canary: off
          daily:
            table: db.daily
            key: $.id
            time: $.at
            columns: [{name: id, type: text}, {name: n, type: integer}, {name: at, type: timestamptz}]
            dedup: key-time
            partition: day
            distribute: key
            shards: 4
            canary: off
        """,
        database,
        Map.of());
  }

  /** One that does not fit is in each batch, and one that the batch before has, of its day. */
  private static String lines(int batch) {
    return IntStream.range(batch * BATCH - 1, (batch + 1) * BATCH)
            .mapToObj(i -> line("k" + i, Integer.toString(i), Math.floorDiv(i, BATCH)))
            .collect(Collectors.joining("\n"))
        + "\n"
        + line("bad" + batch, "\"none\"", batch);
  }

  private static String line(String id, String n, int day) {
    return "{\"id\": \"%s\", \"n\": %s, \"at\": \"%sT12:00:00Z\"}"
        .formatted(id, n, LocalDate.of(2013, 1, 1).plusDays(day));
  }

  private void publishUntilEnded(RunningServer server) {
    while (!ended.get()) {
      String lines = lines(batches.getAndIncrement());
      for (String topic : TOPICS) {
        eventually(
            "it is settled",
            () ->
                server
                        .post("/topics/" + topic, lines, "Content-Type", "application/x-ndjson")
                        .statusCode()
                    == 200);
      }
      settled.incrementAndGet();
    }
  }

  private void goesOn() {
    int before = settled.get();
    eventually(
        "seed %d: batches are settled".formatted(SEED), () -> settled.get() >= before + BETWEEN);
  }

  private static void fault(CitusCluster cluster, Random random) {
    int node = random.nextInt(3);
    if (random.nextBoolean()) {
      cluster.kill(node);
      cluster.revive(node);
    } else {
      cluster
          .node(node)
          .rows(
              """
              SELECT pg_terminate_backend(pid) FROM pg_stat_activity
              WHERE datname = 'escala' AND pid <> pg_backend_pid() AND backend_type = 'client backend'\
              """);
    }
  }

  private void assertAllThere(Database database, RunningServer server) {
    long all = (long) batches.get() * BATCH + 1;
    for (String topic : TOPICS) {
      assertThat(database.rows("SELECT count(*), count(DISTINCT _id) FROM " + topic))
          .as("seed %d, %s", SEED, topic)
          .containsExactly(all + "|" + all);
    }
    assertThat(database.count("SELECT count(*) FROM escala.dead_letter"))
        .as("seed %d", SEED)
        .isEqualTo((long) batches.get() * TOPICS.size());
    // A coordinator that died behind a commit leaves nothing prepared on workers.
    eventually(
        "transactions end",
        () ->
            database.count(
                    "SELECT sum(result::int) FROM run_command_on_workers('SELECT count(*) FROM"
                        + " pg_prepared_xacts')")
                == 0);
    new Metrics(server.metrics()).assertBalanced();
  }
}
