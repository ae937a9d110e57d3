package dev.escala.bench;

import dev.escala.embedded.PackagedServer;
import dev.escala.embedded.QueueClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/**
 * A full queue emptied into a table, against a {@linkplain QueueLoop loop} that only receives and
 * deletes; each is a new process, whose first messages do not count.
 */
final class QueueRows {
  /** The topic whose table grows, and its name. */
  static final String GROWN = "grown_queue";

  private static final int WARM = 20_000;
  private static final int ALL = WARM + 40_000;
  private static final int BATCH = 10;
  private static final int SENDERS = 4;

  private static final String ESCALA = "escala";
  private static final String PEER = "loop";

  private final QueueClient queues;
  private final String ownerUrl;
  private final Events events = new Events(7);
  private final AtomicInteger turn = new AtomicInteger();

  QueueRows(QueueClient queues, String ownerUrl) {
    this.queues = queues;
    this.ownerUrl = ownerUrl;
  }

  /** Starts the product anew each round, when the queue is full. */
  interface Server {
    PackagedServer start(String queueUrl) throws IOException, InterruptedException;
  }

  void measure(Report report, int rounds, Server server) throws Exception {
    Contest contest =
        new Contest()
            .add(ESCALA, "SQS to rows", () -> drainIntoTable(server))
            .add(
                PEER,
                "receive and delete, " + QueueLoop.POLLERS + " pollers",
                this::receiveAndDelete)
            .run(rounds);
    report.compare("Ingest, SQS", contest.best(ESCALA), contest.best(PEER), 0.9);
  }

  /** The same queue into a table of 50 million rows, against one of a million. */
  void measureGrowth(Report report, int rounds, Server server) throws Exception {
    // The table.
    double _ = drain(server);
    GrownTable grown = new GrownTable(ownerUrl, GROWN);
    grown.fill(1, GrownTable.SMALL);
    Report.Rates small = rates(rounds, server, "1 M rows");
    grown.fill(GrownTable.SMALL + 1, GrownTable.LARGE);
    Report.Rates large = rates(rounds, server, "50 M rows");
    report.compare("Ingest from SQS by key", large, small, GrownTable.HOLD);
    grown.drop();
  }

  private Report.Rates rates(int rounds, Server server, String name) throws Exception {
    List<Double> rates = new ArrayList<>();
    for (int round = 0; round <= rounds; round++) {
      double rate = drain(server);
      if (round > 0) {
        rates.add(rate);
      }
    }
    return new Report.Rates(name, rates);
  }

  /** Sends the messages of these numbers at once. */
  static FreshRows.Publisher publisher(SqsClient sqs, String queueUrl, IntFunction<String> body) {
    return (from, to) -> {
      List<SendMessageBatchRequestEntry> entries =
          IntStream.range(from, to)
              .mapToObj(
                  number ->
                      SendMessageBatchRequestEntry.builder()
                          .id(Integer.toString(number))
                          .messageBody(body.apply(number))
                          .build())
              .toList();
      var answer = sqs.sendMessageBatch(r -> r.queueUrl(queueUrl).entries(entries));
      if (answer.hasFailed()) {
        throw new IllegalStateException(answer.failed().getFirst().message());
      }
    };
  }

  /** A new queue: the emulated one gives messages to polls of a consumer that is gone. */
  private String fullQueue() throws InterruptedException {
    String queueUrl = queues.create("bench-" + turn.incrementAndGet());
    FreshRows.Publisher publisher = publisher(queues.sqs(), queueUrl, this::event);
    try (ExecutorService senders = Executors.newFixedThreadPool(SENDERS)) {
      List<Future<?>> sent = new ArrayList<>();
      for (int from = 0; from < ALL; from += BATCH) {
        int first = from;
        sent.add(
            senders.submit(
                () -> {
                  publisher.publish(first, first + BATCH);
                  return null;
                }));
      }
      for (Future<?> each : sent) {
        await(each);
      }
    }
    return queueUrl;
  }

  private static void await(Future<?> sent) throws InterruptedException {
    try {
      sent.get();
    } catch (ExecutionException failure) {
      throw new IllegalStateException(failure.getCause());
    }
  }

  private synchronized String event(int number) {
    return new String(events.next(1).ndjson(), StandardCharsets.UTF_8);
  }

  private double drainIntoTable(Server server) throws Exception {
    Shell.psql(ownerUrl, "DROP TABLE IF EXISTS queued");
    return drain(server);
  }

  private double drain(Server server) throws IOException, InterruptedException {
    try (PackagedServer process = server.start(fullQueue())) {
      return StoredRows.rate(process, WARM, ALL);
    }
  }

  private double receiveAndDelete() throws IOException, InterruptedException {
    return QueueLoop.rate(queues.endpoint(), fullQueue(), WARM, ALL);
  }
}
