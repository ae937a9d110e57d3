package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.CitusCluster;
import dev.escala.testing.PostgresServer.Database;
import java.net.http.HttpResponse;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What else a table of a topic may be, over the workers of a real Citus; each test has a topic. */
@Tag("integration")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DistributedModesTest {
  private static final String TOPICS =
      """
      databases: {db: {url: "${URL}", schemas: [public, team]}}
      topics:
        daily:
          {table: db.daily, key: $.id, time: $.at, dedup: key-time, partition: day, indexes: [{columns: [n]}],
           distribute: key, shards: 4, canary: off}
        aged:
          {table: db.aged, key: $.id, time: $.at, dedup: key-time, partition: day, retain: 10d,
           distribute: key, shards: 4, canary: off}
        expiring:
          {table: db.expiring, key: $.id, time: $.at, retain: 10d, distribute: key, shards: 4,
           canary: off}
        windowed:
          {table: db.windowed, key: $.id, time: $.at, dedup: window, partition: month,
           distribute: key, shards: 4, canary: off}
        kept: {table: db.kept, key: $.id, dedup: window, distribute: key, shards: 4, canary: off}
        current:
          {table: db.current, key: $.id, time: $.at, dedup: latest, deleted: $.gone,
           distribute: key, shards: 4, canary: off}
        strict: {table: db.strict, key: $.id, distribute: key, shards: 4, canary: off}
        local: {table: db.local, key: $.id, canary: off}
        sharded: {table: db.team.sharded, key: $.id, canary: off}
        remembered: {table: db.team.remembered, key: $.id, dedup: window, canary: off}
        corrected: {table: db.team.corrected, key: $.id, time: $.at, dedup: latest, canary: off}
      """;

  private CitusCluster cluster;
  private Database database;
  private RunningServer server;

  @BeforeAll
  void start() {
    cluster = CitusCluster.start();
    database = cluster.database();
    database.execute("CREATE SCHEMA team");
    database.execute("SELECT citus_schema_distribute('team')");
    server = RunningServer.start(TOPICS, database, Map.of());
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

  private HttpResponse<String> publish(String topic, String lines) {
    return server.post("/topics/" + topic, lines, "Content-Type", "application/x-ndjson");
  }

  private void publishAll(String topic, String lines) {
    HttpResponse<String> answer = publish(topic, lines);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private static String lines(LocalDate day, int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(
            i -> "{\"id\": \"k%d\", \"n\": %d, \"at\": \"%sT12:00:00Z\"}".formatted(i, i, day))
        .collect(Collectors.joining("\n"));
  }

  private void assertCounted(String topic, long stored, long duplicate, long rejected) {
    assertThat(
            List.of(
                counted(topic, "stored"),
                counted(topic, "duplicate"),
                counted(topic, "rejected"),
                counted(topic, "returned")))
        .containsExactly(stored, duplicate, rejected, 0L);
  }

  private long counted(String topic, String result) {
    return (long)
        server.metric("ingest_rows_total", "topic=\"" + topic + "\"", "result=\"" + result + "\"");
  }

  private List<String> partitions(String table) {
    return database.rows(
        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
            + " JOIN pg_dist_partition p ON p.logicalrelid = c.oid"
            + " WHERE i.inhparent = '%s'::regclass ORDER BY 1".formatted(table));
  }

  @Test
  void partitionsStandOnTheWorkersAndRowsMoveIntoThem() {
    LocalDate first = LocalDate.of(2013, 1, 1);
    publishAll("daily", lines(first, 0, 100) + "\n" + lines(first.plusDays(1), 0, 50));
    publishAll("daily", lines(first, 50, 150));
    publishAll("daily", lines(first.plusDays(2), 0, 10) + "\n{\"id\": \"k1\", \"at\": 7}");
    assertThat(database.count("SELECT count(*) FROM daily")).isEqualTo(210);
    assertCounted("daily", 210, 50, 1);
    assertThat(partitions("daily")).contains("daily_default", "daily_p20130101", "daily_p20130102");
    assertThat(
            database.count(
                "SELECT count(*) FROM pg_index WHERE indisvalid"
                    + " AND indrelid = 'daily_p20130101'::regclass"))
        .as("that of duplicates, of the key's field and of n")
        .isEqualTo(3);

    database.execute("DROP TABLE daily_p20130102");
    database.execute(
        "INSERT INTO daily (_id, _event_time, _source) SELECT 's' || i, '2013-01-02', 's'"
            + " FROM generate_series(1, 40) i");
    server.close();
    server = RunningServer.start(TOPICS, database, Map.of());
    publishAll("daily", lines(first, 0, 1));
    eventually(
        "it is made anew, and has them", () -> partitions("daily").contains("daily_p20130102"));
    assertThat(database.count("SELECT count(*) FROM daily_p20130102")).isEqualTo(40);
    assertThat(database.count("SELECT count(*) FROM daily_default")).isZero();
    assertThat(database.count("SELECT count(*) FROM daily")).isEqualTo(200);
  }

  @Test
  void whatIsTooOldIsDeletedOnTheWorkers() {
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    for (String topic : List.of("aged", "expiring")) {
      publishAll(topic, lines(today, 0, 20) + "\n" + lines(today.minusDays(40), 20, 50));
    }
    eventually(
        "partitions and rows are gone",
        () ->
            database.count("SELECT count(*) FROM aged") == 20
                && database.count("SELECT count(*) FROM expiring") == 20);
    assertThat(partitions("aged")).noneMatch(name -> name.endsWith(date(today.minusDays(40))));
  }

  private static String date(LocalDate day) {
    return day.toString().replace("-", "");
  }

  @Test
  void keysThatWereSeenStandOnTheWorkersToo() {
    LocalDate day = LocalDate.of(2026, 5, 1);
    publishAll("windowed", lines(day, 0, 100));
    publishAll("windowed", lines(day.plusMonths(1), 50, 130));
    assertThat(database.count("SELECT count(*) FROM windowed")).isEqualTo(130);
    assertCounted("windowed", 130, 50, 0);
    assertThat(
            database.rows(
                "SELECT distribution_column, shard_count FROM citus_tables"
                    + " WHERE table_name = 'escala.seen_key_distributed'::regclass"))
        .containsExactly("key|4");
    assertThat(
            database.count(
                "SELECT count(*) FROM escala.seen_key WHERE relation = 'windowed'::regclass"))
        .isZero();
    database.execute("ALTER TABLE windowed ADD CONSTRAINT small CHECK (n < 1000) NOT VALID");
    publishAll("windowed", lines(day, 999, 1_001));
    assertCounted("windowed", 131, 50, 1);
    database.execute("ALTER TABLE windowed DROP CONSTRAINT small");
    publishAll("windowed", lines(day, 1_000, 1_001)); // what is refused takes its key back
    assertThat(database.count("SELECT count(*) FROM windowed")).isEqualTo(132);
  }

  @Test
  void keysOfATableThatIsGoneAreForgotten() {
    publishAll("kept", "{\"id\": \"a\"}");
    database.execute("DROP TABLE kept");
    server.close();
    server = RunningServer.start(TOPICS, database, Map.of());
    publishAll("kept", "{\"id\": \"a\"}");
    assertThat(database.count("SELECT count(*) FROM kept")).isEqualTo(1);
  }

  @Test
  void theLatestVersionCounts() {
    publishAll("current", version("a", 1, 1) + version("b", 1, 1) + version("c", 1, 1));
    publishAll("current", version("a", 2, 3) + version("b", 2, 0) + version("c", 1, 1));
    assertThat(database.rows("SELECT _id, n FROM current ORDER BY 1"))
        .containsExactly("a|2", "b|1", "c|1");
    assertCounted("current", 4, 2, 0);
    publishAll("current", "{\"id\": \"b\", \"at\": \"2026-01-05T00:00:00Z\", \"gone\": true}");
    publishAll("current", version("b", 9, 4) + version("d", 1, 1));
    assertThat(database.rows("SELECT _id, n FROM current ORDER BY 1"))
        .containsExactly("a|2", "c|1", "d|1");
    publishAll("current", version("b", 9, 6));
    assertThat(database.count("SELECT n FROM current WHERE _id = 'b'")).isEqualTo(9);
  }

  private static String version(String id, int n, int day) {
    return "{\"id\": \"%s\", \"n\": %d, \"at\": \"2026-01-%02dT00:00:00Z\"}%n"
        .formatted(id, n, day + 1);
  }

  @Test
  void tablesOfASchemaThatStandsOnOneWorkerAreWrittenAndRead() {
    LocalDate day = LocalDate.of(2026, 5, 1);
    for (String topic : List.of("sharded", "remembered", "corrected")) {
      publishAll(topic, lines(day, 0, 30));
      publishAll(
          topic,
          lines(day, 20, 40)
              + "\n"
              + "{\"id\": \"w\", \"n\": \"text\", \"more\": 1, \"at\":"
              + " \"2026-05-02T00:00:00Z\"}");
      assertThat(database.count("SELECT count(*) FROM team." + topic)).isEqualTo(41);
      assertCounted(topic, 41, 10, 0);
      assertThat(
              database.rows(
                  "SELECT citus_table_type, access_method FROM citus_tables"
                      + " WHERE table_name = 'team.%s'::regclass".formatted(topic)))
          .containsExactly("schema|heap");
    }
    database.execute("ALTER TABLE team.sharded ADD CONSTRAINT few CHECK (more IS DISTINCT FROM 2)");
    assertThat(publish("sharded", "{\"id\": \"x\", \"more\": 2}").statusCode()).isEqualTo(422);
    assertThat(letters("sharded")).containsExactly("1|new");
    eventually(
        "they are read",
        () ->
            server
                .get("/db/sharded?id=eq.k7&select=n", "Accept-Profile", "team")
                .body()
                .equals("[{\"n\":\"7\"}]"));
  }

  @Test
  void deadLettersMayStandOnEachNode() {
    database.execute("SELECT create_reference_table('escala.dead_letter')");
    for (String topic : List.of("strict", "local")) {
      publishAll(topic, "{\"id\": 1, \"n\": 1}");
      database.execute("ALTER TABLE %s ADD CONSTRAINT positive CHECK (n >= 0)".formatted(topic));
      String bad = "{\"id\": 2, \"n\": -1}";
      assertThat(publish(topic, bad).statusCode()).isEqualTo(422);
      publishAll(topic, "{\"id\": 3, \"n\": 1}");
      assertThat(publish(topic, bad).statusCode()).isEqualTo(422);
      assertThat(letters(topic)).containsExactly("2|new");
      database.execute("ALTER TABLE %s DROP CONSTRAINT positive".formatted(topic));
      publishAll(topic, bad);
      assertThat(letters(topic)).containsExactly("2|resolved");
      assertCounted(topic, 3, 0, 2);
    }
  }

  @Test
  void aConstraintThatIsDeferrableIsRefused() {
    publishAll("strict", "{\"id\": \"d\", \"n\": 1}");
    database.execute(
        "ALTER TABLE strict ADD CONSTRAINT late UNIQUE (_id, n) DEFERRABLE INITIALLY DEFERRED");
    server.close();
    server = RunningServer.start(TOPICS, database, Map.of());
    HttpResponse<String> answer = publish("strict", "{\"id\": \"e\", \"n\": 1}");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("does not fit its configuration");
    database.execute("ALTER TABLE strict DROP CONSTRAINT late");
    eventually(
        "it goes on", () -> publish("strict", "{\"id\": \"e\", \"n\": 1}").statusCode() == 200);
  }

  private List<String> letters(String topic) {
    return database.rows(
        "SELECT attempts, status FROM escala.dead_letter WHERE topic = '%s'".formatted(topic));
  }
}
