package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.CitusCluster;
import dev.escala.testing.PostgresServer.Database;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A worker of a real Citus is gone for a while. */
@Tag("integration")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkerLostTest {
  private static final int LOST = 2;

  private CitusCluster cluster;
  private Database database;

  @BeforeAll
  void start() {
    cluster = CitusCluster.start();
    database = cluster.database();
  }

  @AfterAll
  void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void intakeWaitsForItAndReadsOfOthersGoOn() {
    try (RunningServer server =
        RunningServer.start(
            """
            databases: {db: {url: "${URL}"}}
            topics: {events: {table: db.events, key: $.id, distribute: key, shards: 4, canary: off}}
            """,
            database,
            Map.of())) {
      assertThat(publish(server, 0, 100)).isEqualTo(200);
      String there = keyOn(1);
      String lost = keyOn(LOST);
      eventually("both are read", () -> read(server, there) == 200 && read(server, lost) == 200);
      assertThat(health(server, "database db").has("workers_away")).isFalse();

      cluster.kill(LOST);
      assertThat(publish(server, 100, 200)).isEqualTo(503);
      // What lets intake go and is told so again at once would not be paused for long.
      eventually(
          "intake waits",
          () -> health(server, "source http events").path("paused_seconds").asDouble() > 2);
      JsonNode database = health(server, "database db");
      assertThat(database.path("workers_away").asString())
          .isEqualTo("127.0.0.1:" + cluster.port(LOST));
      assertThat(database.path("status").asString()).isEqualTo("warn");
      assertThat(server.get("/health").statusCode()).isEqualTo(200);
      assertThat(read(server, there)).isEqualTo(200);
      HttpResponse<String> away = server.get("/db/events?_id=eq." + lost);
      assertThat(away.body()).contains("ESC162");
      assertThat(away.statusCode()).isEqualTo(503);
      assertThat(away.headers().firstValue("Retry-After")).hasValue("1");

      cluster.revive(LOST);
      eventually("it stores", () -> publish(server, 100, 200) == 200);
      eventually("it is well", () -> !health(server, "database db").has("workers_away"));
      assertThat(this.database.count("SELECT count(*) FROM events")).isEqualTo(200);
    }
  }

  private static int publish(RunningServer server, int from, int to) {
    String lines =
        IntStream.range(from, to)
            .mapToObj("{\"id\": \"k%d\"}"::formatted)
            .collect(Collectors.joining("\n"));
    return server
        .post("/topics/events", lines, "Content-Type", "application/x-ndjson")
        .statusCode();
  }

  private static int read(RunningServer server, String key) {
    return server.get("/db/events?_id=eq." + key).statusCode();
  }

  /** A key whose row is there. */
  private String keyOn(int node) {
    List<String> keys =
        database.rows(
            """
            SELECT e._id FROM (SELECT _id FROM events ORDER BY _id) e
            JOIN citus_shards s
              ON s.shardid = get_shard_id_for_distribution_column('events', e._id)
            WHERE s.nodeport = %d LIMIT 1\
            """
                .formatted(cluster.port(node)));
    return keys.getFirst();
  }

  private static JsonNode health(RunningServer server, String check) {
    return JsonMapper.shared().readTree(server.get("/health").body()).path("checks").path(check);
  }
}
