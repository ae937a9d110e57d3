package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.CitusCluster;
import dev.escala.testing.PostgresServer.Database;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of tables that stand on the workers of a real Citus. */
@Tag("integration")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DistributedReadsTest {
  private static final int ROWS = 20_000;

  private CitusCluster cluster;
  private RunningServer server;

  @BeforeAll
  void start() {
    cluster = CitusCluster.start();
    Database database = cluster.database();
    database.execute(
        """
        CREATE ROLE reader LOGIN;
        CREATE TABLE events (_id text PRIMARY KEY, n bigint, m bigint);
        SELECT create_distributed_table('events', '_id', shard_count => 4);
        INSERT INTO events SELECT 'k' || i, i, mod(i, 7) FROM generate_series(1, %d) AS i;
        ANALYZE events;
        CREATE VIEW pairs AS SELECT a.n, b.n AS other FROM events a JOIN events b ON a.n = b.m;
        CREATE VIEW nearest AS
          SELECT a.n, x.n AS other
          FROM events a, LATERAL (SELECT n FROM events b WHERE b.n > a.n LIMIT 1) x;
        GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader;
        """
            .formatted(ROWS));
    server =
        RunningServer.start(
            """
            databases:
              db: {url: "${URL}", read-url: "${READ_URL}", sql: {max-cost: 300}}
            """,
            database,
            Map.of("READ_URL", RunningServer.url(database, "reader", "any")));
    eventually("it is known", () -> server.get("/db/events?_id=eq.k1").statusCode() == 200);
  }

  @AfterAll
  void stop() {
    if (server != null) {
      server.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  private HttpResponse<String> sql(String sql) {
    return server.get("/db?q=" + URLEncoder.encode(sql, StandardCharsets.UTF_8));
  }

  @Test
  void whatAllWorkersHaveToDoIsItsCost() {
    HttpResponse<String> refused = sql("SELECT sum(n) FROM events WHERE m = 3");
    assertThat(refused.body()).contains("ESC121");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(sql("SELECT n FROM events WHERE _id = 'k7'").body()).isEqualTo("[{\"n\":7}]");
    // What is read first, and joined behind it, costs too.
    assertThat(
            sql("WITH few AS MATERIALIZED (SELECT _id FROM events ORDER BY m, n LIMIT 3)"
                    + " SELECT count(*) FROM few")
                .body())
        .contains("ESC121");
  }

  @Test
  void estimatesAreOfAllWorkers() {
    HttpResponse<String> some =
        server.get("/db/events?limit=1&select=n", "Prefer", "count=planned");
    String range = some.headers().firstValue("Content-Range").orElseThrow();
    assertThat(Integer.parseInt(range.substring(range.indexOf('/') + 1)))
        .isBetween(ROWS * 9 / 10, ROWS * 11 / 10);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pairs", "nearest"})
  void whatCitusDoesNotAnswerIsTheFaultOfTheQuestion(String view) {
    HttpResponse<String> read = server.get("/db/" + view + "?limit=3");
    assertThat(read.body()).contains("ESC161", "several requests").doesNotContain("_1020");
    assertThat(read.statusCode()).isEqualTo(400);
    assertThat(sql("SELECT * FROM " + view).body()).contains("ESC161");
    assertThat(server.metric("http_requests_failed_total")).isZero();
  }

  @Test
  void workersAndShardsAreNobodysRelations() {
    assertThat(server.get("/db").body()).contains("events").doesNotContain("citus", "events_1");
    assertThat(server.get("/db/citus_tables").statusCode()).isEqualTo(404);
  }
}
