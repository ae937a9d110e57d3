package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.escala.canary.Marker;
import dev.escala.canary.MarkerKey;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import dev.escala.testing.SnsServer;
import dev.escala.testing.SqsServer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The canary on the real way of messages: a queue or HTTP, PostgreSQL, the public API. */
@Tag("integration")
class CanaryWayTest {
  private static final String YAML =
      """
      databases:
        db: {url: "${URL}", read-url: "${READ_URL:}"}
      topics:
        queued: {table: db.queued, key: $.id}
        posted: {table: db.posted, key: $.id}
        silent: {table: db.silent, canary: off}
        "*": {table: "db.{topic}"}
      sources:
        - sqs: {queue: "${QUEUE}", topic: queued, endpoint: "${ENDPOINT}", region: us-east-1, wait: 1s}
      canary: {every: 100ms, patience: 2s}
      """;

  private final Database database = PostgresServer.newDatabase();
  private final SqsServer.Queue queue = SqsServer.shared().newQueue(30);
  private final List<RunningServer> servers = new ArrayList<>();

  @AfterEach
  void stop() {
    servers.forEach(RunningServer::close);
  }

  private RunningServer start(Application.Role role, String yaml, String readUrl) {
    RunningServer server =
        RunningServer.start(
            yaml,
            database,
            Map.of(
                "QUEUE", queue.url(),
                "ENDPOINT", SqsServer.shared().endpoint().toString(),
                "READ_URL", readUrl),
            role);
    servers.add(server);
    return server;
  }

  private RunningServer start() {
    return start(Application.Role.ALL, YAML, "");
  }

  private static double count(RunningServer server, String what, String topic) {
    return server.metric("canary_" + what + "_total", "topic=\"" + topic + "\"");
  }

  private static void awaitServed(RunningServer server, String topic, int markers) {
    eventually(markers + " markers of " + topic, () -> count(server, "served", topic) >= markers);
  }

  private static void assertUnharmed(RunningServer server) {
    for (String harm : List.of("lost", "mismatch", "duplicate", "publish_failures")) {
      assertThat(server.metric("canary_" + harm + "_total")).as(harm).isZero();
    }
  }

  @Test
  void goesTheWholeWayOfEachTopicThatHasAName() {
    RunningServer server = start();
    awaitServed(server, "queued", 5);
    awaitServed(server, "posted", 5);
    assertUnharmed(server);
    assertThat(server.metric("canary_last_success_timestamp_seconds", "topic=\"posted\""))
        .isCloseTo((double) Instant.now().getEpochSecond(), within(60.0));
    assertThat(server.metrics().lines().filter(line -> line.startsWith("canary_")))
        .as("one that is switched off, and any other")
        .noneMatch(line -> line.contains("topic=\"silent\"") || line.contains("topic=\"*\""));
    for (String stage : List.of("publish", "store", "serve", "total")) {
      assertThat(server.metric("canary_stage_seconds_count", "stage=\"" + stage + "\""))
          .as(stage)
          .isGreaterThanOrEqualTo(10);
    }
    eventually(
        "health says so",
        () -> server.get("/health").body().contains("\"canary queued\":{\"status\":\"ok\""));
  }

  @Test
  void leavesNoTraceAmongTheData() {
    RunningServer server = start();
    server.post("/topics/queued", "{\"id\":\"A\"}");
    awaitServed(server, "queued", 3);
    awaitServed(server, "posted", 3);
    assertThat(database.rows("SELECT * FROM queued")).hasSize(1);
    assertThat(database.count("SELECT count(*) FROM pg_tables WHERE tablename = 'posted'"))
        .as("no message, no table")
        .isZero();
    assertThat(database.count("SELECT count(*) FROM escala.dead_letter")).isZero();
    eventually("the table is known", () -> server.get("/db").body().contains("\"queued\""));
    assertThat(server.get("/db").body()).doesNotContain("canary");
    assertThat(server.get("/db/canary").statusCode()).isEqualTo(404);
    assertThat(server.get("/db/dead_letter", "Accept-Profile", "escala").statusCode())
        .as("the schema is not exposed")
        .isEqualTo(406);
    assertThat(server.metric("catalog_relations")).isEqualTo(1);
  }

  @Test
  void isReadByALoginThatCanDoNothingElse() {
    database.execute("CREATE ROLE canary_reader LOGIN PASSWORD 'secret'");
    RunningServer server =
        start(Application.Role.ALL, YAML, RunningServer.url(database, "canary_reader", "secret"));
    awaitServed(server, "posted", 2);
    assertUnharmed(server);
    assertThat(server.get("/db?q=select+count(*)+from+escala.dead_letter").statusCode())
        .isEqualTo(403);
    assertThat(server.get("/db?q=select+key+from+escala.canary_key").statusCode()).isEqualTo(403);
    server.close();
    database.execute("DROP ROLE canary_reader");
  }

  @Test
  void isSharedByProcessesThatOnlyReceiveOrOnlyAnswer() {
    RunningServer ingest = start(Application.Role.INGEST, YAML, "");
    RunningServer api = start(Application.Role.API, YAML, "");
    RunningServer other = start(Application.Role.API, YAML, "");
    awaitServed(api, "queued", 3);
    awaitServed(other, "queued", 3);
    awaitServed(api, "posted", 3);
    assertUnharmed(api);
    assertUnharmed(other);
    assertThat(database.count("SELECT count(DISTINCT canary) FROM escala.canary"))
        .as("each topic of each process has its own")
        .isEqualTo(4);
    assertThat(ingest.metric("canary_published_total")).isZero();
    assertThat(ingest.metric("ingest_rows_total", "result=\"stored\"")).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "sns"})
  void goesThroughSnsWhereThatFeedsTheQueue(String format) {
    String arn = "arn:aws:sns:us-east-1:000000000000:queued";
    String yaml =
        YAML.replace("queued: {", "queued: {canary: \"" + arn + "\", ")
            .replace("topic: queued,", "topic: queued, format: " + format + ",");
    try (SnsServer sns = new SnsServer(queue)) {
      environmentOf(sns).forEach(System::setProperty);
      RunningServer server = start(Application.Role.ALL, yaml, "");
      awaitServed(server, "queued", 3);
      assertUnharmed(server);
      sns.refuse();
      eventually("it is refused", () -> count(server, "publish_failures", "queued") > 2);
      assertThat(server.get("/health").body())
          .containsPattern("\"canary queued\":\\{\"status\":\"(warn|critical)\"")
          .contains("not published");
      environmentOf(sns).keySet().forEach(System::clearProperty);
    }
  }

  /** Where SNS is and who we are is the environment's to say. */
  private static Map<String, String> environmentOf(SnsServer sns) {
    return Map.of(
        "aws.endpointUrlSns", sns.endpoint().toString(),
        "aws.accessKeyId", "test",
        "aws.secretAccessKey", "test");
  }

  @Test
  void isWrappedForAQueueThatOnlyTakesEnvelopes() {
    RunningServer server =
        start(
            Application.Role.ALL,
            YAML.replace("topic: queued,", "topic: queued, format: sns,"),
            "");
    awaitServed(server, "queued", 2);
    assertUnharmed(server);
    assertThat(database.count("SELECT count(*) FROM escala.dead_letter")).isZero();
  }

  @Test
  void signsWithASecretThatIsConfigured() {
    RunningServer server =
        start(
            Application.Role.ALL,
            YAML.replace("patience: 2s", "patience: 2s, secret: 0123456789abcdef"),
            "");
    awaitServed(server, "queued", 1);
    MarkerKey key = MarkerKey.of("0123456789abcdef".getBytes(StandardCharsets.UTF_8));
    assertThat(stored()).isNotEmpty().allMatch(key::signed);
  }

  private List<Marker> stored() {
    String sql =
        """
        SELECT topic, canary, seq, (extract(epoch from sent_at) * 1000)::bigint, hash, signature, body
        FROM escala.canary\
        """;
    return database.rows(sql).stream().map(row -> marker(row.split("\\|", 7))).toList();
  }

  private static Marker marker(String[] columns) {
    return new Marker(
        columns[0],
        UUID.fromString(columns[1]),
        Long.parseLong(columns[2]),
        Instant.ofEpochMilli(Long.parseLong(columns[3])),
        columns[6],
        columns[4],
        columns[5]);
  }

  @Test
  void aForgedMarkerIsAnOrdinaryMessage() {
    MarkerKey forger = MarkerKey.of("somebody else's key".getBytes(StandardCharsets.UTF_8));
    RunningServer server =
        start(
            Application.Role.ALL,
            YAML.replace(", key: $.id", "").replace("every: 100ms", "every: 1h"),
            "");
    awaitServed(server, "queued", 1);
    Marker forged = forger.sign("queued", UUID.randomUUID(), 1, Instant.now(), "body");
    queue.send(forged.text());
    eventually(
        "it is a row",
        () ->
            database.rows("SELECT * FROM pg_tables WHERE tablename = 'queued'").size() == 1
                && database
                    .rows("SELECT escala_canary->>'body' FROM queued")
                    .equals(List.of("body")));
    assertThat(stored()).extracting(Marker::canary).doesNotContain(forged.canary());
  }

  @Test
  void aMarkerThatComesTwiceIsADuplicateAndNoHarm() {
    RunningServer server = start();
    awaitServed(server, "queued", 1);
    Marker first =
        stored().stream().filter(m -> m.topic().equals("queued")).findFirst().orElseThrow();
    queue.send(first.text());
    eventually("it is noticed", () -> count(server, "duplicate", "queued") == 1);
    assertThat(count(server, "mismatch", "queued")).isZero();
    assertThat(server.metric("ingest_rows_total", "result=\"duplicate\"")).isEqualTo(1);
  }

  @Test
  void countsAsMessagesDoSoThatTheBalanceHolds() {
    RunningServer server = start();
    server.post("/topics/queued", "{\"id\":\"A\"}\n{\"id\":\"A\"}\nnonsense");
    awaitServed(server, "queued", 3);
    server.close();
    // What was closed tells no more; another one has counted the rest.
    RunningServer next = start(Application.Role.INGEST, YAML, "");
    eventually("the queue is drained", () -> queue.size() == 0);
    eventually(
        "each is in one of the results",
        () ->
            next.metric("ingest_messages_received_total")
                == next.metric("ingest_rows_total") + next.metric("ingest_inflight"));
  }

  @Test
  void tellsLossFromDelay() {
    SqsServer.Queue unread = SqsServer.shared().newQueue(30);
    String yaml =
        YAML.replace("queued: {", "queued: {canary: \"" + unread.url() + "\", ")
                .replace("every: 100ms", "every: 1h")
            + "probe: {every: 100ms}\n";
    RunningServer server = start(Application.Role.ALL, yaml, "");
    eventually("it is published", () -> count(server, "published", "queued") == 1);
    double then = server.metric("probe_checks_total");
    eventually("more than its time is over", () -> server.metric("probe_checks_total") > then + 40);
    assertThat(count(server, "lost", "queued")).as("it waits in the queue").isZero();
    unread.client().purgeQueue(request -> request.queueUrl(unread.url()));
    eventually("it is lost", () -> count(server, "lost", "queued") == 1);
    assertThat(server.get("/health").statusCode()).isEqualTo(503);
    assertThat(server.get("/health").body()).contains("\"canary queued\":{\"status\":\"critical\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE escala.canary SET body = body || '!' WHERE topic = 'posted'",
        "UPDATE escala.canary SET hash = 'x' WHERE topic = 'posted'",
        "UPDATE escala.canary SET sent_at = sent_at + interval '1 ms' WHERE topic = 'posted'",
        "DELETE FROM escala.canary WHERE topic = 'posted'"
      })
  void noticesWhatIsChangedBehindTheApi(String sql) {
    RunningServer server = start();
    awaitServed(server, "posted", 2);
    database.execute(sql);
    eventually("it is noticed", () -> count(server, "mismatch", "posted") >= 2);
    double found = count(server, "mismatch", "posted");
    awaitServed(server, "posted", 10);
    assertThat(count(server, "mismatch", "posted")).as("each once").isCloseTo(found, within(2.0));
    assertThat(count(server, "mismatch", "queued")).isZero();
    assertThat(server.get("/health").statusCode()).isEqualTo(503);
  }

  @Test
  void noticesThatTheApiDoesNotGiveWhatTheDatabaseHas() {
    database.execute("CREATE ROLE blind_reader LOGIN PASSWORD 'secret'");
    RunningServer server =
        start(Application.Role.ALL, YAML, RunningServer.url(database, "blind_reader", "secret"));
    awaitServed(server, "posted", 2);
    database.execute("ALTER TABLE escala.canary ENABLE ROW LEVEL SECURITY");
    eventually("it is noticed", () -> count(server, "mismatch", "posted") >= 2);
    assertThat(count(server, "lost", "posted")).isZero();
    server.close();
    database.execute("DROP ROLE blind_reader");
  }
}
