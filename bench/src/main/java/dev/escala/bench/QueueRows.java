package dev.escala.bench;

import dev.escala.embedded.EmbeddedQueue;
import dev.escala.embedded.PackagedServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** A full queue emptied into a table, against a loop that only receives and deletes. */
final class QueueRows {
  static final String QUEUE = "bench";

  /** The topic whose table grows, and its name. */
  static final String GROWN = "grown_queue";

  private static final int MESSAGES = 40_000;
  private static final int BATCH = 10;
  private static final int POLLERS = 8;

  private static final String ESCALA = "escala";
  private static final String PEER = "loop";

  private final EmbeddedQueue queue;
  private final String queueUrl;
  private final String ownerUrl;
  private final Events events = new Events(7);

  QueueRows(EmbeddedQueue queue, String queueUrl, String ownerUrl) {
    this.queue = queue;
    this.queueUrl = queueUrl;
    this.ownerUrl = ownerUrl;
  }

  /** Starts the product anew each round, when the queue is full. */
  interface Server {
    PackagedServer start() throws IOException, InterruptedException;
  }

  void measure(Report report, int rounds, Server server) throws Exception {
    Contest contest =
        new Contest()
            .add(ESCALA, "SQS to rows", () -> drainIntoTable(server))
            .add(PEER, "receive and delete, " + POLLERS + " pollers", this::receiveAndDelete)
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
  static FreshRows.Publisher publisher(EmbeddedQueue queue, String queueUrl) {
    return (from, to) -> {
      List<SendMessageBatchRequestEntry> entries =
          IntStream.range(from, to)
              .mapToObj(
                  number ->
                      SendMessageBatchRequestEntry.builder()
                          .id(Integer.toString(number))
                          .messageBody(FreshRows.message(number))
                          .build())
              .toList();
      var _ = queue.client().sendMessageBatch(r -> r.queueUrl(queueUrl).entries(entries));
    };
  }

  private void fill() {
    try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int sender = 0; sender < 4; sender++) {
        senders.execute(
            () -> {
              for (int i = 0; i < MESSAGES / 4; i += BATCH) {
                send();
              }
            });
      }
    }
  }

  private void send() {
    List<SendMessageBatchRequestEntry> entries = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      String body;
      synchronized (events) {
        body = new String(events.next(1).ndjson(), StandardCharsets.UTF_8);
      }
      entries.add(
          SendMessageBatchRequestEntry.builder().id(Integer.toString(i)).messageBody(body).build());
    }
    var _ = queue.client().sendMessageBatch(r -> r.queueUrl(queueUrl).entries(entries));
  }

  private double drainIntoTable(Server server) throws Exception {
    Shell.psql(ownerUrl, "DROP TABLE IF EXISTS queued");
    return drain(server);
  }

  private double drain(Server server) throws IOException, InterruptedException {
    fill();
    try (PackagedServer process = server.start()) {
      return StoredRows.rate(process, 1, MESSAGES);
    }
  }

  private double receiveAndDelete() throws Exception {
    fill();
    AtomicInteger left = new AtomicInteger(MESSAGES);
    long start = System.nanoTime();
    try (ExecutorService pollers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < POLLERS; i++) {
        pollers.execute(() -> poll(queue.client(), left));
      }
    }
    return MESSAGES / ((System.nanoTime() - start) / 1e9);
  }

  private void poll(SqsClient client, AtomicInteger left) {
    while (left.get() > 0) {
      List<Message> messages =
          client
              .receiveMessage(
                  r -> r.queueUrl(queueUrl).maxNumberOfMessages(BATCH).waitTimeSeconds(0))
              .messages();
      if (!messages.isEmpty()) {
        List<DeleteMessageBatchRequestEntry> entries = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
          entries.add(
              DeleteMessageBatchRequestEntry.builder()
                  .id(Integer.toString(i))
                  .receiptHandle(messages.get(i).receiptHandle())
                  .build());
        }
        var _ = client.deleteMessageBatch(r -> r.queueUrl(queueUrl).entries(entries));
        left.addAndGet(-messages.size());
      }
    }
  }
}
