package dev.escala.bench;

import dev.escala.app.HttpClients;
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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Publishes batches of NDJSON over a few connections, as clients do that have more of them. */
final class Poster {
  static final int CONNECTIONS = 4;

  /** Far less than a post takes, so that the pause is not what is measured. */
  private static final Duration AGAIN = Duration.ofMillis(20);

  private final PackagedServer server;

  Poster(PackagedServer server) {
    this.server = server;
  }

  /** Events a second, until the last one is stored; each has to be new. */
  double rate(String topic, List<Events.Batch> batches) throws Exception {
    try (ExecutorService senders = Executors.newFixedThreadPool(CONNECTIONS);
        HttpClient client = HttpClients.create()) {
      long start = System.nanoTime();
      List<Future<?>> answers = new ArrayList<>();
      for (Events.Batch batch : batches) {
        answers.add(
            senders.submit(
                () -> {
                  send(client, topic, batch);
                  return null;
                }));
      }
      for (Future<?> answer : answers) {
        await(answer);
      }
      int events = batches.stream().mapToInt(Events.Batch::events).sum();
      return events / ((System.nanoTime() - start) / 1e9);
    }
  }

  /** Tries again where it is told to, as clients do: more is under way than ends at once. */
  private void send(HttpClient client, String topic, Events.Batch batch)
      throws IOException, InterruptedException {
    HttpResponse<String> answer = sendOnce(client, topic, batch);
    while (answer.statusCode() == 503) {
      Thread.sleep(AGAIN); // Retry-After is whole seconds, and no answer tells when there is room
      answer = sendOnce(client, topic, batch);
    }
    if (!answer.body().contains("\"stored\":" + batch.events())) {
      throw new IllegalStateException(answer.statusCode() + " " + answer.body());
    }
  }

  private HttpResponse<String> sendOnce(HttpClient client, String topic, Events.Batch batch)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(server.url("/topics/" + topic))
            .header("Content-Type", "application/x-ndjson")
            .POST(BodyPublishers.ofByteArray(batch.ndjson()))
            .build(),
        BodyHandlers.ofString());
  }

  private static void await(Future<?> answer) throws InterruptedException {
    try {
      answer.get();
    } catch (ExecutionException failure) {
      throw new IllegalStateException(failure.getCause());
    }
  }
}
