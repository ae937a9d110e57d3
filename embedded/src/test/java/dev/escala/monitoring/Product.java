package dev.escala.monitoring;

import dev.escala.app.Application;
import dev.escala.app.Configuration;
import dev.escala.app.HttpClients;
import dev.escala.config.ConfigurationException;
import dev.escala.embedded.EmbeddedDatabase;
import dev.escala.embedded.EmbeddedQueue;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The whole product in this process, with users: they publish, repeat, err and read. */
final class Product implements AutoCloseable {
  private final HttpClient client = HttpClients.create();
  private final EmbeddedDatabase database = EmbeddedDatabase.start(Optional.empty());
  private final EmbeddedQueue queue = EmbeddedQueue.start();
  private final String queueUrl = queue.create("departures");
  private final Application application;
  private final Thread users = Thread.ofVirtual().unstarted(this::use);

  Product() throws ConfigurationException {
    redrive();
    application =
        Application.start(
            Configuration.read("product.yaml", yaml(), variable -> null), Application.Role.ALL);
    users.start();
  }

  private String yaml() {
    return """
    http:   {host: localhost, port: 0}
    admin:  {host: localhost, port: 0}
    log:    {format: console, level: error}
    system: {name: departures, env: test, tier: critical, region: eu-west-1}
    probe:  {every: 500ms}
    databases:
      flights: {url: "%s", read-url: "%s", max-lag: 10s}
    topics:
      departures: {table: flights.departures, key: $.id}
    sources:
      - sqs: {queue: "%s", topic: departures, endpoint: "%s", region: us-east-1, wait: 1s}
    """
        .formatted(
            database.url(),
            // Two names of the same server: as replicas they are watched, and never behind.
            database.readUrl().replaceFirst("localhost:(\\d+)", "127.0.0.1:$1,localhost:$1"),
            queueUrl,
            queue.endpoint());
  }

  private void redrive() {
    SqsClient sqs = queue.client();
    String dead = queue.create("departures-dead");
    String arn =
        sqs.getQueueAttributes(
                request -> request.queueUrl(dead).attributeNames(QueueAttributeName.QUEUE_ARN))
            .attributes()
            .get(QueueAttributeName.QUEUE_ARN);
    String policy = "{\"deadLetterTargetArn\": \"%s\", \"maxReceiveCount\": \"20\"}".formatted(arn);
    sqs.setQueueAttributes(
        request ->
            request
                .queueUrl(queueUrl)
                .attributes(Map.of(QueueAttributeName.REDRIVE_POLICY, policy)));
  }

  /** Where Prometheus finds its metrics. */
  String target() {
    return "localhost:" + application.adminPort();
  }

  private void use() {
    for (int n = 0; !Thread.currentThread().isInterrupted(); n++) {
      try {
        publish(n);
        for (String path : paths(n)) {
          send(HttpRequest.newBuilder(uri(path)));
        }
        // Users think before they ask again; without it they would be a load test.
        Thread.sleep(Duration.ofMillis(100));
      } catch (IOException | InterruptedException closing) {
        return;
      }
    }
  }

  /** A new one, the one before again, and one that is none; over SQS and over HTTP. */
  private void publish(int n) throws IOException, InterruptedException {
    for (String body : List.of(departure(n), departure(n - 1), "{\"id\":")) {
      queue.client().sendMessage(request -> request.queueUrl(queueUrl).messageBody(body));
    }
    String lines = departure(-n) + "\n" + departure(1 - n) + "\n{\n";
    send(
        HttpRequest.newBuilder(uri("/topics/departures"))
            .header("Content-Type", "application/x-ndjson")
            .POST(BodyPublishers.ofString(lines)));
  }

  private static String departure(int n) {
    return "{\"id\": %d, \"gate\": \"A%d\"}".formatted(n, Math.floorMod(n, 10));
  }

  private static List<String> paths(int n) {
    return List.of(
        "/flights/departures?limit=10",
        "/flights/departures?id=eq." + n,
        "/flights?q="
            + URLEncoder.encode("select count(*) from departures", StandardCharsets.UTF_8),
        "/flights/nothing",
        "/health");
  }

  private URI uri(String path) {
    return URI.create("http://localhost:" + application.httpPort() + path);
  }

  private void send(HttpRequest.Builder request) throws IOException, InterruptedException {
    var _ = client.send(request.build(), BodyHandlers.discarding());
  }

  @Override
  public void close() {
    users.interrupt();
    try {
      users.join();
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
    client.shutdownNow();
    application.close();
    queue.close();
    database.close();
  }
}
