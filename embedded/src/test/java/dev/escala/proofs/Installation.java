package dev.escala.proofs;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.ops.LogSettings;
import dev.escala.ops.Logging;
import dev.escala.testing.Metrics;
import dev.escala.testing.SqsServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A database, a queue, and servers that carry from the one into the other. */
final class Installation implements AutoCloseable {
  /** The number of the first message over HTTP; those of the queue begin at 0. */
  static final int FIRST_OVER_HTTP = 1_000_000;

  private static final SqsServer SQS = startSqs();

  private final Path directory;
  private final ProofDatabase database;
  private final ProofQueue queue = ProofQueue.create(SQS);
  private final List<ServerProcess> servers = new ArrayList<>();

  /** SQS logs each step of each message, unless it is told not to. */
  private static SqsServer startSqs() {
    Logging.configure(
        new LogSettings(LogSettings.Format.CONSOLE, LogSettings.Level.WARN), System.err);
    return SqsServer.shared();
  }

  /** Without any tables. */
  Installation(Path directory, ProofDatabase database) {
    this.directory = directory;
    this.database = database;
    database.execute("DROP TABLE IF EXISTS events; DROP SCHEMA IF EXISTS escala CASCADE");
  }

  ProofQueue queue() {
    return queue;
  }

  URI sqs() {
    return SQS.endpoint();
  }

  ServerProcess startServer() throws IOException {
    return startServer(SQS.endpoint());
  }

  /** A server that reaches SQS by this way. */
  ServerProcess startServer(URI sqs) throws IOException {
    return startServer(sqs, Map.of());
  }

  /** A server in this environment. */
  ServerProcess startServer(Map<String, String> environment) throws IOException {
    return startServer(SQS.endpoint(), environment);
  }

  private ServerProcess startServer(URI sqs, Map<String, String> environment) throws IOException {
    Path configuration = Files.createTempFile(directory, "escala", ".yaml");
    Files.writeString(configuration, yaml(sqs));
    ProcessBuilder serve = ServerProcess.command("serve", "--config", configuration.toString());
    serve.environment().putAll(environment);
    ServerProcess server =
        ServerProcess.start(serve, Files.createTempFile(directory, "server", ".log"));
    servers.add(server);
    return server;
  }

  /** Without a canary, whose markers would be counted among the messages. */
  private String yaml(URI sqs) {
    return """
    http:  {host: localhost, port: 0}
    admin: {host: localhost, port: 0}
    log:   {format: json}
    databases:
      db: {url: "%s"}
    topics:
      events: {table: db.events, key: $.n}
    ingest: {batch-rows: 100, longest-backoff: 500ms}
    canary: {enabled: false}
    sources:
      - sqs: {queue: "%s", topic: events, endpoint: "%s", wait: 1s}
    """
        .formatted(database.url(), queue.url(), sqs);
  }

  long rows() {
    return database.number("SELECT count(*) FROM events");
  }

  /** The number of each message that is a row. */
  Set<Long> numbers() {
    return Set.copyOf(database.numbers("SELECT n FROM events"));
  }

  /** Waits until nothing is left to do, and proves that each message is one row. */
  void assertEachIsOneRow(int overSqs, int overHttp) {
    eventually(
        () -> "the queue is drained; left: " + queue.size() + ", rows: " + rows(),
        () -> queue.size() == 0);
    assertThat(rows()).isEqualTo(overSqs + overHttp);
    assertThat(numbers("n < " + FIRST_OVER_HTTP)).as("from the queue").isEqualTo(overSqs);
    assertThat(numbers("n BETWEEN 0 AND " + (overSqs - 1))).isEqualTo(overSqs);
    assertThat(numbers("n >= " + FIRST_OVER_HTTP)).as("over HTTP").isEqualTo(overHttp);
    assertThat(database.number("SELECT count(*) FROM escala.dead_letter"))
        .as("dead letters")
        .isZero();
  }

  private long numbers(String condition) {
    return database.number("SELECT count(DISTINCT n) FROM events WHERE " + condition);
  }

  /** Waits until a server holds nothing unsettled, and proves that its metrics tell so. */
  static Metrics assertBalanced(ServerProcess server) throws IOException, InterruptedException {
    eventually("it is at rest", () -> server.metrics().inFlight() == 0);
    Metrics metrics = server.metrics();
    metrics.assertBalanced();
    return metrics;
  }

  @Override
  public void close() {
    servers.forEach(ServerProcess::close);
  }
}
