package dev.escala.bench;

import dev.escala.embedded.QueueClient;
import dev.escala.ops.LogSettings;
import dev.escala.ops.Logging;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * The least that a consumer does: a process that receives and deletes, with the client, the pollers
 * and the batches that Escala has, and nothing between.
 */
final class QueueLoop {
  static final int POLLERS = 8;

  private static final int BATCH = 10;

  private final SqsClient client;
  private final String queueUrl;
  private final int warm;
  private final int all;
  private final AtomicInteger settled = new AtomicInteger();
  private final AtomicLong started = new AtomicLong();
  private final AtomicLong ended = new AtomicLong();

  private QueueLoop(SqsClient client, String queueUrl, int warm, int all) {
    this.client = client;
    this.queueUrl = queueUrl;
    this.warm = warm;
    this.all = all;
  }

  /**
   * Messages a second of a new process, from when so many are settled to when all are.
   *
   * @param all that are in the queue
   */
  static double rate(URI endpoint, String queueUrl, int warm, int all) throws IOException {
    Process process =
        QueueProcess.java(
            QueueLoop.class,
            List.of(endpoint.toString(), queueUrl, Integer.toString(warm), Integer.toString(all)));
    try (var output = process.inputReader(StandardCharsets.UTF_8)) {
      return Double.parseDouble(output.readLine());
    }
  }

  /** What runs there. */
  public static void main(String[] arguments) throws Exception {
    Logging.configure(
        new LogSettings(LogSettings.Format.CONSOLE, LogSettings.Level.WARN), System.err);
    try (QueueClient client = new QueueClient(URI.create(arguments[0]))) {
      QueueLoop loop =
          new QueueLoop(
              client.sqs(),
              arguments[1],
              Integer.parseInt(arguments[2]),
              Integer.parseInt(arguments[3]));
      System.out.printf(Locale.ROOT, "%.1f%n", loop.run());
    }
  }

  private double run() {
    try (ExecutorService pollers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < POLLERS; i++) {
        pollers.execute(this::poll);
      }
    }
    return (all - warm) / ((ended.get() - started.get()) / 1e9);
  }

  private void poll() {
    while (settled.get() < all) {
      List<Message> messages =
          client
              .receiveMessage(
                  r -> r.queueUrl(queueUrl).maxNumberOfMessages(BATCH).waitTimeSeconds(1))
              .messages();
      if (!messages.isEmpty()) {
        delete(messages);
      }
    }
  }

  private void delete(List<Message> messages) {
    List<DeleteMessageBatchRequestEntry> entries = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      entries.add(
          DeleteMessageBatchRequestEntry.builder()
              .id(Integer.toString(i))
              .receiptHandle(messages.get(i).receiptHandle())
              .build());
    }
    var _ = client.deleteMessageBatch(r -> r.queueUrl(queueUrl).entries(entries));
    int so = settled.addAndGet(messages.size());
    if (so >= warm) {
      started.compareAndSet(0, System.nanoTime());
    }
    if (so >= all) {
      ended.compareAndSet(0, System.nanoTime());
    }
  }
}
