package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.MetricNames;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import dev.escala.testing.RawConnection;
import dev.escala.testing.SqsServer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What {@code /metrics} of a server shows that has as many topics as docs/configuration.md says,
 * and clients that try everything.
 */
@Tag("integration")
class MetricsOfTheProductTest {
  /** Of one task, the JVM's among them: docs/decisions/0038. */
  private static final int BUDGET = 2_000;

  private static final int NAMED_TOPICS = 12;
  private static final int QUEUES = 4;
  private static final int INVENTED_TOPICS = 150;
  private static final int TABLES = 40;

  /** Only there once something failed that this test leaves alone. */
  private static final Set<String> OF_FAILURES =
      Set.of(
          "ingest_paused",
          "ingest_db_transient_errors_total",
          "ingest_ack_failures_total",
          "ingest_source_failures_total",
          "ingest_table_change_waiting",
          "ingest_visibility_extensions_total",
          "catalog_load_failures_total",
          "db_abandoned_statements",
          "db_reads_repeated_total",
          "http_connections_cut_total",
          "http_requests_refused_total",
          "otlp_export_failures_total");

  /** Of a replica with max-lag, Kafka, a prober, what is kept for a time only, and partitions. */
  private static final Set<String> OF_OTHERS =
      Set.of(
          "db_read_servers",
          "db_read_servers_left_out",
          "db_replica_lag_seconds",
          "kafka_lag",
          "prober_",
          "archive_",
          "ingest_rows_expired_total",
          "ingest_rows_without_partition",
          "ingest_dead_letters_expired_total");

  private static final Database DATABASE = PostgresServer.newDatabase();
  private static RunningServer server;
  private static String metrics;

  @BeforeAll
  static void letClientsTryEverything() throws IOException {
    server = RunningServer.start(yaml(), DATABASE, environment());
    publish();
    eventually("the tables are known", () -> server.get("/db/t1?limit=1").statusCode() == 200);
    readAndFail();
    new Listening(server, "/db/t1").close();
    writeGarbage(new Random(20_261_124));
    eventually("each canary has made its way", MetricsOfTheProductTest::allCanariesServed);
    eventually("the queues were measured", () -> server.metric("sqs_dlq_visible") == 1);
    eventually(
        "the tables were counted", () -> server.metrics().contains("ingest_columns_used_ratio{"));
    eventually("the loops were measured", MetricsOfTheProductTest::allLoopsMeasured);
    eventually(
        "dead letters were counted",
        () -> server.metric("ingest_dead_letters_open", "topic=\"t" + NAMED_TOPICS + "\"") > 0);
    metrics = server.metrics();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static boolean allLoopsMeasured() {
    return server
            .metrics()
            .lines()
            .filter(line -> line.startsWith("ingest_watermark_timestamp_seconds{"))
            .count()
        > NAMED_TOPICS;
  }

  private static String yaml() {
    StringBuilder yaml = new StringBuilder("databases: {db: {url: \"${URL}\"}}\ntopics:\n");
    StringBuilder sources = new StringBuilder("sources:\n");
    for (int i = 1; i <= NAMED_TOPICS; i++) {
      yaml.append("  t%d: {table: db.t%d, key: $.id, tail: true}%n".formatted(i, i));
    }
    for (int i = 1; i <= QUEUES; i++) {
      sources.append(
          "  - sqs: {queue: \"${QUEUE%d}\", topic: t%d, endpoint: \"${ENDPOINT}\", wait: 1s}%n"
              .formatted(i, i));
    }
    sources.append("  - sns: {topic-arn: \"arn:aws:sns:eu-west-1:123456789012:t1\", topic: t1}\n");
    return yaml + "  \"*\": {table: \"db.{topic}\"}\n" + sources + "canary: {every: 500ms}\n";
  }

  private static Map<String, String> environment() {
    SqsServer.Queue dead = SqsServer.shared().newQueue(30);
    dead.send("poison");
    Map<String, String> environment =
        IntStream.rangeClosed(1, QUEUES)
            .boxed()
            .collect(
                Collectors.toMap(i -> "QUEUE" + i, i -> SqsServer.shared().newQueue(30).url()));
    SqsServer.Queue first =
        new SqsServer.Queue(
            SqsServer.shared().client(List.of()), environment.getOrDefault("QUEUE1", ""));
    first.redriveTo(dead, 5);
    environment.put("ENDPOINT", SqsServer.shared().endpoint().toString());
    return environment;
  }

  /** Stored, stored twice, rejected by the decoder and by the database, and to many names. */
  private static void publish() {
    DATABASE.execute(
        "CREATE TABLE t2 (id text, n bigint CHECK (n > 0)); ALTER TABLE t2 ADD extra text");
    for (int i = 1; i <= NAMED_TOPICS; i++) {
      server.post("/topics/t" + i, "{\"id\":\"a\",\"n\":1}\n{\"id\":\"a\",\"n\":1}\nnonsense");
    }
    server.post("/topics/t2", "{\"id\":\"b\",\"n\":2}\n{\"id\":\"c\",\"n\":-1}");
    server.post("/topics/t1", "{\"id\":\"d\",\"n\":1.5,\"other\":true}");
    for (int i = 0; i < INVENTED_TOPICS; i++) {
      server.post("/topics/invented-" + i, "{\"a\":1}");
    }
    server.post("/topics/no%20name", "{}");
  }

  /** Each route with each method, with an answer of each kind that a client can bring about. */
  private static void readAndFail() throws IOException {
    for (int i = 0; i < TABLES; i++) {
      DATABASE.execute("CREATE TABLE extra_" + i + " (a int)");
    }
    eventually("the tables are known", () -> server.get("/db/extra_39").statusCode() == 200);
    List<String> targets =
        List.of(
            "/",
            "/ping",
            "/health",
            "/db",
            "/db?q=select+1",
            "/db/q=select%201",
            "/db/t1",
            "/db/t1?nothing=eq.1",
            "/db?q=selec",
            "/db/q=selec",
            "/other",
            "/other?q=select+1",
            "/other/q=select+1",
            "/other/t1",
            "/topics/t1",
            "/topics/t1/sns",
            "/a/b/c/d",
            "/db/missing");
    for (String method :
        List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")) {
      for (String target : targets) {
        said(method + " " + target);
      }
    }
    for (int i = 0; i < TABLES; i++) {
      assertThat(server.get("/db/extra_" + i).statusCode()).isEqualTo(200);
    }
  }

  private static void writeGarbage(Random random) throws IOException {
    for (int i = 0; i < 300; i++) {
      String path =
          random
              .ints(1 + random.nextInt(40), '!', '~')
              .mapToObj(c -> String.valueOf((char) c))
              .collect(Collectors.joining());
      said("GET /" + path.replace('#', '/'));
    }
    said("GET /%zz");
    said("nonsense");
  }

  private static void said(String requestLine) throws IOException {
    try (RawConnection connection = new RawConnection(server.address().getPort())) {
      String answer =
          connection
              .send(
                  requestLine
                      + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
              .everything();
      assertThat(answer).as(requestLine).startsWith("HTTP/1.");
    }
  }

  private static boolean allCanariesServed() {
    return IntStream.rangeClosed(1, NAMED_TOPICS)
        .allMatch(i -> server.metric("canary_served_total", "topic=\"t" + i + "\"") > 0);
  }

  @Test
  void staysWithinTheBudgetOfSeries() {
    long series = MetricNames.samples(metrics).count();
    assertThat(series).as("series").isBetween((long) BUDGET * 3 / 4, (long) BUDGET);
  }

  @Test
  void eachTopicWithANameHasItsSeries() {
    for (int i = 1; i <= NAMED_TOPICS; i++) {
      assertThat(metrics).contains("topic=\"t" + i + "\"");
    }
    assertThat(metrics).contains("topic=\"other\"");
  }

  @Test
  void everyLabelIsBounded() {
    Set<String> labels =
        MetricNames.samples(metrics)
            .filter(sample -> !sample.startsWith("jvm_"))
            .flatMap(sample -> MetricNames.labels(sample).stream())
            .collect(Collectors.toSet());
    assertThat(MetricNames.LABELS).containsAll(labels);
    assertThat(metrics).doesNotContain("extra_", "missing", "BREW", "nonsense");
  }

  @Test
  void showsEverythingThatIsListed() {
    Set<String> found = MetricNames.of(metrics);
    Set<String> listed = MetricNames.listed();
    assertThat(listed).containsAll(found);
    Set<String> missing = new TreeSet<>(listed);
    missing.removeAll(found);
    missing.removeIf(name -> name.startsWith("jvm_") || name.startsWith("process_"));
    missing.removeIf(name -> OF_OTHERS.stream().anyMatch(name::startsWith));
    assertThat(missing.stream().map(name -> name.substring(0, name.indexOf('{'))))
        .isSubsetOf(OF_FAILURES);
  }
}
