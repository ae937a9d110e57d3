package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.CitusCluster;
import dev.escala.testing.PostgresServer.Database;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A table of a topic over the workers of a real Citus. */
@Tag("integration")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DistributedTableTest {
  private static final String TOPICS =
      """
      databases: {db: {url: "${URL}", read-url: "${READ_URL}"}}
      topics:
        events: {table: db.events, key: $.id, distribute: key, shards: 4, canary: off}
        timed:
          {table: db.timed, key: $.id, time: $.at, dedup: key-time, distribute: key, shards: 4, canary: off}
        heard:
          {table: db.heard, key: $.id, tail: true, distribute: key, shards: 4, canary: off}
        plain: {table: db.plain, key: $.id, canary: off}
      """;

  private static final String BAD = "{\"id\": \"bad\", \"n\": -1}";

  @TempDir private Path folder;

  private CitusCluster cluster;
  private Database database;
  private Map<String, String> environment;
  private RunningServer server;

  @BeforeAll
  void startCluster() {
    cluster = CitusCluster.start();
    database = cluster.database();
    database.execute("CREATE ROLE escala_reader");
    database.execute("CREATE ROLE reader LOGIN IN ROLE escala_reader");
    environment = Map.of("READ_URL", RunningServer.url(database, "reader", "any"));
  }

  @BeforeEach
  void startServer() {
    server = RunningServer.start(TOPICS, database, environment);
  }

  @AfterEach
  void stopServer() {
    server.close();
    database.execute("DROP TABLE IF EXISTS events, timed, heard, plain");
    database.execute("TRUNCATE escala.dead_letter");
  }

  @AfterAll
  void stopCluster() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static String lines(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> "{\"id\": \"k%d\", \"n\": %d}".formatted(i, i))
        .collect(Collectors.joining("\n"));
  }

  private HttpResponse<String> publish(String topic, String lines) {
    return server.post("/topics/" + topic, lines, "Content-Type", "application/x-ndjson");
  }

  private void publishAll(String topic, String lines) {
    assertThat(publish(topic, lines).statusCode()).isEqualTo(200);
  }

  @Test
  void aTopicMakesItsTableOverTheWorkers() {
    publishAll("events", lines(0, 200));
    assertThat(
            database.rows(
                "SELECT citus_table_type, distribution_column, shard_count FROM citus_tables"
                    + " WHERE table_name = 'events'::regclass"))
        .containsExactly("distributed|_id|4");
    assertThat(database.count("SELECT count(DISTINCT nodeport) FROM citus_shards")).isEqualTo(2);
    assertThat(database.count("SELECT count(*) FROM events")).isEqualTo(200);

    publishAll("events", lines(100, 300));
    assertThat(database.count("SELECT count(*) FROM events")).isEqualTo(300);
    assertThat(server.metric("ingest_rows_total", "topic=\"events\"", "result=\"stored\""))
        .isEqualTo(300);
    assertThat(server.metric("ingest_rows_total", "topic=\"events\"", "result=\"duplicate\""))
        .isEqualTo(100);
    assertThat(database.rows("SELECT to_regclass('plain')")).containsExactly("");
  }

  @Test
  void aKeyAtAnotherTimeIsAnotherRow() {
    String first = "{\"id\": 1, \"at\": \"2026-01-01T00:00:00Z\"}\n";
    String second = "{\"id\": 1, \"at\": \"2026-01-02T00:00:00Z\"}\n";
    publishAll("timed", first + second + first);
    assertThat(database.count("SELECT count(*) FROM timed")).isEqualTo(2);
    assertThat(server.metric("ingest_rows_total", "topic=\"timed\"", "result=\"duplicate\""))
        .isEqualTo(1);
  }

  @Test
  void rowsThatDoNotFitAreDeadLettersAndComeBack() {
    publishAll("events", lines(0, 10));
    database.execute("ALTER TABLE events ADD CONSTRAINT positive CHECK (n >= 0)");
    assertThat(publish("events", lines(10, 12) + "\n" + BAD).statusCode()).isEqualTo(200);
    assertThat(database.count("SELECT count(*) FROM events")).isEqualTo(12);
    assertThat(database.rows("SELECT reason, status FROM escala.dead_letter"))
        .containsExactly("row.constraint|new");
    // Once more: a letter that is there is counted.
    assertThat(publish("events", BAD).statusCode()).isEqualTo(422);
    database.execute("ALTER TABLE events DROP CONSTRAINT positive");
    publishAll("events", BAD);
    assertThat(database.count("SELECT count(*) FROM events")).isEqualTo(13);
  }

  @Test
  void aTableThatIsThereIsDistributedByCommand() throws Exception {
    publishAll("plain", lines(0, 50));
    server.close();
    String distributed = TOPICS.replace("$.id, canary", "$.id, distribute: key, shards: 4, canary");
    server = RunningServer.start(distributed, database, environment);
    publishAll("plain", lines(40, 60));
    eventually(
        "it is told",
        () -> server.metric("table_changes_total", "change=\"distribution_refused\"") == 1);

    assertThat(distribute(distributed)).contains("db.public.plain stands on workers now");
    assertThat(
            database.rows(
                "SELECT citus_table_type, shard_count FROM citus_tables"
                    + " WHERE table_name = 'plain'::regclass"))
        .containsExactly("distributed|4");
    publishAll("plain", lines(50, 70));
    assertThat(database.count("SELECT count(*) FROM plain")).isEqualTo(70);
    assertThat(distribute(distributed)).contains("db.public.plain stands on workers already");
  }

  private String distribute(String yaml) throws IOException {
    return CommandRun.of("topics", "distribute", "--config=" + written(yaml), "plain").exitsWith(0);
  }

  private Path written(String yaml) throws IOException {
    return Files.writeString(
        folder.resolve("escala.yaml"),
        yaml.replace("${URL}", RunningServer.url(database, "postgres", "postgres"))
            .replace("${READ_URL}", environment.get("READ_URL")));
  }

  @Test
  void whoListensIsToldOfItsRows() {
    publishAll("heard", lines(0, 3));
    publishAll("heard", lines(1, 4));
    assertThat(database.rows("SELECT unnest(keys) FROM escala.tail ORDER BY 1"))
        .containsExactly("k0", "k1", "k2", "k3");
  }

  @Test
  void aFileIsLoaded() throws Exception {
    publishAll("events", lines(0, 10));
    Path file = Files.writeString(folder.resolve("before.ndjson"), lines(10, 2_000));
    String config = "--config=" + written(TOPICS);
    CommandRun.of("backfill", "events", file.toString(), config).exitsWith(0);
    assertThat(database.count("SELECT count(*) FROM events")).isEqualTo(2_000);
    Path again = Files.writeString(folder.resolve("again.ndjson"), lines(1_000, 2_100));
    assertThat(CommandRun.of("backfill", "events", again.toString(), config).exitsWith(0))
        .contains("100");
    assertThat(database.count("SELECT count(*) FROM events")).isEqualTo(2_100);
  }

  @Test
  void columnsComeAndWiden() {
    publishAll("events", lines(0, 5));
    publishAll("events", "{\"id\": \"w\", \"n\": \"text\", \"more\": true}");
    assertThat(database.rows("SELECT n, more FROM events WHERE _id = 'w'"))
        .containsExactly("text|t");
  }

  @Test
  void aTableThatIsLargeOnItsWorkersIsNotWrittenAnew() {
    publishAll("events", lines(0, 5));
    database.execute(
        "INSERT INTO events (_id, _event_time, _source, n)"
            + " SELECT md5(i::text), now(), repeat('s', 100), i FROM generate_series(1, 500000) i");
    assertThat(database.count("SELECT pg_table_size('events')")).isLessThan(100_000);
    assertThat(publish("events", "{\"id\": \"w\", \"n\": \"text\"}").statusCode()).isEqualTo(422);
    assertThat(database.rows("SELECT pg_typeof(n) FROM events LIMIT 1")).containsExactly("bigint");
  }

  @Test
  void rowsAreRead() {
    publishAll("events", lines(0, 50));
    eventually("it is known", () -> server.get("/db/events?limit=1").statusCode() == 200);
    assertThat(server.get("/db/events?id=eq.k7&select=id,n").body())
        .isEqualTo("[{\"id\":\"k7\",\"n\":7}]");
    assertThat(server.get("/db/events?n=gte.45&select=n&order=n.desc").body())
        .isEqualTo("[{\"n\":49},\n{\"n\":48},\n{\"n\":47},\n{\"n\":46},\n{\"n\":45}]");
    HttpResponse<String> counted = server.get("/db/events?limit=3", "Prefer", "count=exact");
    assertThat(counted.headers().firstValue("Content-Range")).hasValue("0-2/50");
    assertThat(server.get("/db/events?select=count()").body()).isEqualTo("[{\"count\":50}]");
    assertThat(server.get("/db?q=SELECT%20sum(n)%20AS%20all%20FROM%20events").body())
        .isEqualTo("[{\"all\":1225}]");
    String csv = server.get("/db/events?select=n&order=n&limit=2", "Accept", "text/csv").body();
    assertThat(csv).isEqualTo("n\r\n0\r\n1\r\n");
  }
}
