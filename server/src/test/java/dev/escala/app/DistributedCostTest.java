package dev.escala.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.CitusCluster;
import dev.escala.testing.PostgresServer.Database;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a row of a distributed table costs the databases, in time of their processors: that is
 * steadier than a rate on a machine that others use.
 */
@Tag("long")
class DistributedCostTest {
  private static final int BATCH = 5_000;
  private static final int BATCHES = 20;
  private static final double MOST_RATIO = 2.5;

  private int next;

  @Test
  void aRowOverFourShardsCostsAtMostSoManyOfAPlainOne() {
    try (CitusCluster cluster = CitusCluster.start()) {
      Database database = cluster.database();
      database.execute("ALTER DATABASE escala SET citus.max_cached_conns_per_worker = 16");
      try (RunningServer server = start(database)) {
        double plain = sum(costOf(server, "plain", cluster));
        double[] distributed = costOf(server, "four", cluster);
        double ratio = sum(distributed) / plain;
        System.out.printf(
            "a row costs %.1f µs plain, and %.2f times that over four shards: %s%n",
            plain, ratio, Arrays.toString(distributed));
        assertThat(ratio).isBetween(1.0, MOST_RATIO);
      }
    }
  }

  private static RunningServer start(Database database) {
    return RunningServer.start(
        """
        databases: {db: {url: "${URL}"}}
        topics:
          plain: {table: db.plain, key: $.id, canary: off}
          four: {table: db.four, key: $.id, distribute: key, shards: 4, canary: off}
        """,
        database,
        Map.of());
  }

  /** In microseconds of each node, once the table and its connections are there. */
  private double[] costOf(RunningServer server, String topic, CitusCluster cluster) {
    publish(server, topic);
    double[] before = computed(cluster);
    for (int i = 0; i < BATCHES; i++) {
      publish(server, topic);
    }
    double[] after = computed(cluster);
    return IntStream.range(0, after.length)
        .mapToDouble(node -> (after[node] - before[node]) / (BATCH * BATCHES))
        .toArray();
  }

  private static double[] computed(CitusCluster cluster) {
    return IntStream.range(0, CitusCluster.NODES)
        .mapToDouble(node -> cluster.processorTime(node).toNanos() / 1e3)
        .toArray();
  }

  private static double sum(double[] ofNodes) {
    return Arrays.stream(ofNodes).sum();
  }

  private void publish(RunningServer server, String topic) {
    String lines =
        IntStream.range(next, next + BATCH)
            .mapToObj(
                i ->
                    "{\"id\": \"key-%1$d\", \"n\": %1$d, \"text\": \"some text of row %1$d\"}"
                        .formatted(i))
            .collect(Collectors.joining("\n"));
    next += BATCH;
    assertThat(
            server
                .post("/topics/" + topic, lines, "Content-Type", "application/x-ndjson")
                .statusCode())
        .isEqualTo(200);
  }
}
