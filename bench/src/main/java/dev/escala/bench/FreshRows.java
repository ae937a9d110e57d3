package dev.escala.bench;

import dev.escala.app.HttpClients;
import dev.escala.bench.Tally.Latencies;
import dev.escala.embedded.PackagedServer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * How long it takes from when a message is published to when a read has its row, at a fixed rate: a
 * schedule that nothing delays tells when each is published, and from then on it counts.
 */
final class FreshRows {
  static final String COLUMNS =
      """
      | Publish to readable, %d/s | p50 | p90 | p99 | p99.9 | Most | Hold p99 | Held |
      |---|---|---|---|---|---|---|---|\
      """
          .formatted(FreshRows.RATE);

  private static final int RATE = 500;

  /** At once, as clients of queues do that have so many; over HTTP each goes alone. */
  static final int BATCH = 10;

  /** Until the compilers of both processes are done, and of an emulated queue. */
  private static final int WARM_SECONDS = 20;

  /** Between two looks at the table, which is what the numbers are coarser by. */
  private static final Duration LOOK = Duration.ofMillis(2);

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Pattern NUMBER = Pattern.compile("\"n\":(\\d+)");

  private final PackagedServer server;
  private final String ownerUrl;
  private final int messages;
  private final int warm;

  FreshRows(PackagedServer server, String ownerUrl, int seconds) {
    this.server = server;
    this.ownerUrl = ownerUrl;
    this.warm = WARM_SECONDS * RATE;
    this.messages = warm + seconds * RATE;
  }

  /** Publishes the messages of these numbers, from one to before another. */
  interface Publisher {
    void publish(int from, int to) throws Exception;
  }

  /** A message whose key is its number. */
  static String message(int number) {
    return "{\"n\":%d,\"origin\":\"LAX\",\"destination\":\"JFK\",\"delay_minutes\":%d}"
        .formatted(number, number % 90);
  }

  /** Over HTTP, one a request. */
  Publisher overHttp(HttpClient client, String topic) {
    return (from, to) -> {
      for (int number = from; number < to; number++) {
        HttpResponse<String> answer =
            client.send(
                HttpRequest.newBuilder(server.url("/topics/" + topic))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(message(number)))
                    .build(),
                BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
          throw new IllegalStateException(answer.statusCode() + " " + answer.body());
        }
      }
    };
  }

  /**
   * A row of the table.
   *
   * @param topic and its table
   * @param together how many are published at once
   * @param hold milliseconds; 0 for none
   */
  String row(String name, String topic, int together, Publisher publisher, int hold)
      throws Exception {
    long[] published = new long[messages];
    AtomicLongArray took = new AtomicLongArray(messages);
    try (HttpClient client = HttpClients.create();
        ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      publisher.publish(0, 1); // makes the table
      awaitTable(client, topic);
      Shell.psql(ownerUrl, "CREATE INDEX ON %s (n)".formatted(topic));
      long start = System.nanoTime();
      for (int n = 1; n < messages; n++) {
        int turn = (n - 1) / together;
        published[n] = start + (long) turn * together * (1_000_000_000 / RATE);
      }
      Future<?> reading = senders.submit(() -> read(client, topic, published, took));
      List<Future<?>> all = new ArrayList<>();
      for (int n = 1; n < messages; n += together) {
        int from = n;
        LockSupport.parkNanos(published[n] - System.nanoTime());
        all.add(
            senders.submit(
                () -> {
                  publisher.publish(from, Math.min(messages, from + together));
                  return null;
                }));
      }
      all.add(reading); // last: why nothing comes is told by what was not published
      for (Future<?> each : all) {
        var _ = each.get();
      }
    }
    return row(name, took, hold);
  }

  private void awaitTable(HttpClient client, String topic)
      throws IOException, InterruptedException {
    while (!ask(client, topic, 0).contains("\"n\":0")) {
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  /** Looks for what is not there yet, until all is. */
  private Void read(HttpClient client, String topic, long[] published, AtomicLongArray took)
      throws IOException, InterruptedException {
    int first = 1;
    long seenNanos = System.nanoTime();
    while (first < messages) {
      String rows = ask(client, topic, first);
      long now = System.nanoTime();
      for (MatchResult found : NUMBER.matcher(rows).results().toList()) {
        int number = Integer.parseInt(found.group(1));
        if (took.get(number) == 0) {
          took.set(number, now - published[number]);
          seenNanos = now;
        }
      }
      while (first < messages && took.get(first) != 0) {
        first++;
      }
      if (now - seenNanos > PATIENCE.toNanos()) {
        throw new IllegalStateException("message %d of %s does not come".formatted(first, topic));
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
    return null;
  }

  private String ask(HttpClient client, String topic, int first)
      throws IOException, InterruptedException {
    return client
        .send(
            HttpRequest.newBuilder(
                    server.url(
                        "/flights/%s?select=n&n=gte.%d&order=n&limit=1000".formatted(topic, first)))
                .build(),
            BodyHandlers.ofString())
        .body();
  }

  private String row(String name, AtomicLongArray took, int hold) {
    Latencies all = new Latencies();
    for (int i = warm; i < messages; i++) {
      all.add(took.get(i));
    }
    String held = all.percentile(99) <= hold ? "yes" : "**no**";
    return String.format(
        Locale.ROOT,
        "| %s | %.0f ms | %.0f ms | %.0f ms | %.0f ms | %.0f ms | %s | %s |",
        name,
        all.percentile(50),
        all.percentile(90),
        all.percentile(99),
        all.percentile(99.9),
        all.percentile(100),
        hold == 0 ? "–" : "≤ " + hold + " ms",
        hold == 0 ? "–" : held);
  }
}
