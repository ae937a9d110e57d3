package dev.escala.embedded;

import dev.escala.app.HttpClients;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** A server answers reads with 503 until it has seen which tables there are. */
public final class FirstReads {
  private static final int UNAVAILABLE = 503;
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(5);

  private FirstReads() {}

  /**
   * Returns when a read is answered, whatever the answer.
   *
   * @throws IOException if that takes more than 30 seconds, or nothing answers
   */
  public static void await(URI read) throws IOException, InterruptedException {
    await(read, answer -> answer.statusCode() != UNAVAILABLE);
  }

  /**
   * The same by the metrics, without a read that fails: those count against what is promised.
   *
   * @throws IOException if that takes more than 30 seconds, or nothing answers
   */
  static void awaitByMetrics(URI metrics) throws IOException, InterruptedException {
    await(metrics, answer -> answer.body().contains("\ncatalog_relations{"));
  }

  private static void await(URI uri, Predicate<HttpResponse<String>> ready)
      throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(uri).build();
    long deadline = System.nanoTime() + LIMIT.toNanos();
    try (HttpClient client = HttpClients.create()) {
      while (!ready.test(client.send(request, BodyHandlers.ofString()))) {
        if (System.nanoTime() > deadline) {
          throw new IOException("its database cannot be read");
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }
}
