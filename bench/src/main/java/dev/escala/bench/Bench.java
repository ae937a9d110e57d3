package dev.escala.bench;

import dev.escala.app.HttpClients;
import dev.escala.embedded.EmbeddedDatabase;
import dev.escala.embedded.PackagedServer;
import dev.escala.embedded.PackagedServer.Program;
import dev.escala.ops.LogSettings;
import dev.escala.ops.Logging;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * All in one run: {@code Bench APPLICATION_FOLDER ROUNDS SECONDS [reads|rivals|roles|walks|ingest
 * |growth|queue|kafka|fresh|cost|overload|hostile ...]}.
 */
final class Bench {
  /** As in a task of 1 GiB, which the Terraform takes; BENCH_HEAP asks for another. */
  private static final String HEAP = "-Xmx" + System.getenv().getOrDefault("BENCH_HEAP", "256m");

  /** Emulated queues take any. */
  private static final Map<String, String> CREDENTIALS =
      Map.of("AWS_ACCESS_KEY_ID", "bench", "AWS_SECRET_ACCESS_KEY", "bench");

  private static final Set<String> OVER_HTTP =
      Set.of("reads", "rivals", "roles", "walks", "ingest", "growth");
  private static final Path RIVALS = Path.of("bench", "rivals");

  private final Program program;
  private final int rounds;
  private final int seconds;
  private final List<String> parts;
  private final Report report = new Report();

  private Bench(List<String> arguments) {
    Path folder = Path.of(arguments.get(0));
    this.program = new Program(folder, "-XX:AOTCache=" + folder.resolve("escala.aot"), HEAP);
    this.rounds = Integer.parseInt(arguments.get(1));
    this.seconds = Integer.parseInt(arguments.get(2));
    this.parts =
        arguments.size() > 3
            ? arguments.subList(3, arguments.size())
            : List.of("reads", "ingest", "queue");
  }

  public static void main(String[] arguments) throws Exception {
    Logging.configure(
        new LogSettings(LogSettings.Format.CONSOLE, LogSettings.Level.WARN), System.err);
    Bench bench = new Bench(List.of(arguments));
    bench.run();
    System.out.println(bench.report);
    // Threads of an emulated queue wait for the ends of polls whose clients are gone.
    System.exit(0);
  }

  private void run() throws Exception {
    try (EmbeddedDatabase database = EmbeddedDatabase.start(Optional.empty())) {
      if (parts.stream().anyMatch(OVER_HTTP::contains)) {
        overHttp(database);
      }
      if (parts.contains("queue")) {
        overQueue(database, "queued", QueueRows::measure);
      }
      if (parts.contains("growth")) {
        overQueue(database, QueueRows.GROWN, QueueRows::measureGrowth);
      }
      if (parts.contains("kafka")) {
        overKafka(database);
      }
      if (parts.contains("fresh")) {
        fresh(database);
      }
    }
    if (parts.contains("cost")) {
      cost();
    }
    if (parts.contains("overload") || parts.contains("hostile")) {
      onTwoCores();
    }
  }

  private void overHttp(EmbeddedDatabase database) throws Exception {
    ReadRows.prepare(database.url());
    // The first start of all makes Escala's own tables; what counts is each that follows.
    PackagedServer.start(program, yaml(database), Map.of()).close();
    try (PackagedServer server = PackagedServer.start(program, yaml(database), Map.of())) {
      report.bound("Start to the first /ping", (double) server.startedIn().toMillis(), "ms", 500);
      if (parts.contains("reads")) {
        new ReadRows(database.url(), server, rounds, seconds).measure(report);
        new UnchangedRows(server, rounds, seconds).measure(report);
      }
      if (parts.contains("rivals")) {
        for (Rival rival : Rival.all(RIVALS)) {
          new RivalRows(server, database.url(), rounds, seconds).measure(report, rival);
        }
      }
      if (parts.contains("roles")) {
        asRole(database, server);
      }
      if (parts.contains("walks")) {
        WalkRows.prepare(database.url());
        new WalkRows(database.url(), server, rounds, seconds).measure(report);
      }
      if (parts.contains("ingest")) {
        new IngestRows(database.url(), server).measure(report, rounds);
      }
      if (parts.contains("growth")) {
        new GrowthRows(database.url(), server, rounds).measure(report);
      }
      report.bound(
          "Memory after that load, RSS", Shell.residentMebibytes(server.pid()), "MiB", 256);
    }
  }

  /** Beside the server for all, one where everybody reads as a role. */
  private void asRole(EmbeddedDatabase database, PackagedServer forAll) throws Exception {
    String locked =
        yaml(database)
            + """
            auth:
              jwt: {secret: "a secret that only this benchmark has"}
              anonymous: {role: escala_reader}
            """;
    try (PackagedServer server = PackagedServer.start(program, locked, Map.of())) {
      new RoleRows(forAll, server, rounds, seconds).measure(report);
    }
  }

  private interface OfQueue {
    void measure(QueueRows rows, Report report, int rounds, QueueRows.Server server)
        throws Exception;
  }

  private void overQueue(EmbeddedDatabase database, String topic, OfQueue measured)
      throws Exception {
    try (QueueProcess queue = QueueProcess.start()) {
      measured.measure(
          new QueueRows(queue.client(), database.url()),
          report,
          rounds,
          url -> {
            String yaml =
                """
                %ssources:
                  - sqs: {queue: "%s", topic: %s, endpoint: "%s", region: us-east-1}
                """
                    .formatted(yaml(database), url, topic, queue.client().endpoint());
            return PackagedServer.start(program, yaml, CREDENTIALS);
          });
    }
  }

  private void overKafka(EmbeddedDatabase database) throws Exception {
    try (Broker broker = Broker.start()) {
      KafkaRows.Server server =
          topic -> {
            String yaml =
                """
                %ssources:
                  - kafka: {brokers: "%s", subscribe: [%s], topic: streamed, group: %3$s}
                """
                    .formatted(yaml(database), broker.addresses(), topic);
            return PackagedServer.start(program, yaml, Map.of());
          };
      new KafkaRows(broker, database.url(), server).measure(report, rounds);
    }
  }

  /** One process that takes messages over HTTP, from a queue and from a broker. */
  private void fresh(EmbeddedDatabase database) throws Exception {
    try (QueueProcess queue = QueueProcess.start();
        Broker broker = Broker.start();
        KafkaProducer<byte[], byte[]> producer = broker.producer();
        HttpClient client = HttpClients.create()) {
      String url = queue.client().create("fresh");
      broker.create("fresh", KafkaRows.PARTITIONS);
      String yaml =
          """
          %ssources:
            - sqs: {queue: "%s", topic: fresh_sqs, endpoint: "%s", region: us-east-1}
            - kafka: {brokers: "%s", subscribe: [fresh], topic: fresh_kafka, group: fresh}
          """
              .formatted(yaml(database), url, queue.client().endpoint(), broker.addresses());
      try (PackagedServer server = PackagedServer.start(program, yaml, CREDENTIALS)) {
        FreshRows rows = new FreshRows(server, database.url(), rounds * seconds);
        report.table(
            FreshRows.COLUMNS,
            List.of(
                rows.row("HTTP", "fresh_http", 1, rows.overHttp(client, "fresh_http"), 100),
                rows.row(
                    "SQS",
                    "fresh_sqs",
                    FreshRows.BATCH,
                    QueueRows.publisher(queue.client().sqs(), url, FreshRows::message),
                    500),
                rows.row(
                    "Kafka",
                    "fresh_kafka",
                    FreshRows.BATCH,
                    KafkaRows.publisher(producer, "fresh"),
                    0)));
      }
    }
  }

  /** On servers of its own: PostgreSQL with Citus is another one than the embedded. */
  private void cost() throws Exception {
    if (!CitusNodes.areThere()) {
      System.err.println("cost is skipped: ../shared/citus or postgresql-15 is missing");
      return;
    }
    try (CitusNodes nodes = CitusNodes.start();
        PackagedServer server = PackagedServer.start(program, CostRows.yaml(nodes), Map.of())) {
      report.table(CostRows.COLUMNS, new CostRows(server, nodes).measure(rounds));
    }
  }

  /** Whatever is started from here on has the core of the one that starts it. */
  private void onTwoCores() throws Exception {
    Shell.pin(ProcessHandle.current().pid(), Overload.SERVER_CORE);
    try (EmbeddedDatabase database = EmbeddedDatabase.start(Optional.empty())) {
      ReadRows.prepare(database.url());
      Hostile.prepare(database.url());
      PackagedServer.start(program, yaml(database), Map.of()).close();
      try (PackagedServer server = PackagedServer.start(program, yaml(database), Map.of())) {
        Shell.pin(ProcessHandle.current().pid(), Overload.GENERATOR_CORE);
        if (parts.contains("overload")) {
          report.table(
              Overload.COLUMNS, new Overload(server, database.url(), rounds, seconds).measure());
        }
        if (parts.contains("hostile")) {
          report.table(Hostile.COLUMNS, new Hostile(server, database.url(), seconds).measure());
        }
      }
    }
  }

  private static String yaml(EmbeddedDatabase database) {
    return """
    databases:
      flights: {url: "%s", read-url: "%s"}
    topics:
      ingested: {table: flights.ingested, key: $.event_id, time: $.scheduled_at}
      grown_queue: {table: flights.grown_queue, key: $.event_id, time: $.scheduled_at}
    %s  queued: {table: flights.queued, time: $.scheduled_at}
      streamed: {table: flights.streamed, key: $.event_id, time: $.scheduled_at}
      flooded: {table: flights.flooded, time: $.scheduled_at}
      honest: {table: flights.honest, key: $.n}
      fresh_http: {table: flights.fresh_http, key: $.n}
      fresh_sqs: {table: flights.fresh_sqs, key: $.n}
      fresh_kafka: {table: flights.fresh_kafka, key: $.n}
      "*": {table: "flights.{topic}"}
    log: {level: warn}
    """
        .formatted(database.url(), database.readUrl(), GrowthRows.topics());
  }
}
