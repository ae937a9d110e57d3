package dev.escala.proofs;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Stands before SQS and passes everything on, unless it is told to misbehave. */
final class SqsProxy implements AutoCloseable {
  /** What it does. */
  enum Mode {
    PASS,
    /** Never answers a deletion. */
    STALL_DELETIONS,
    /** Deletes what is received, and says that there was nothing. */
    SWALLOW,
    /** Breaks off each connection. */
    AWAY
  }

  private static final String OPERATION = "X-Amz-Target";
  private static final String DELETION = "AmazonSQS.DeleteMessageBatch";
  private static final String RECEIPT = "AmazonSQS.ReceiveMessage";
  private static final JsonMapper JSON = JsonMapper.shared();

  private final URI sqs;
  private final HttpClient client = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private final AtomicInteger stalled = new AtomicInteger();
  private final AtomicInteger swallowed = new AtomicInteger();
  private volatile Mode mode;

  SqsProxy(URI sqs, Mode mode) throws IOException {
    this.sqs = sqs;
    this.mode = mode;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  URI endpoint() {
    return URI.create("http://localhost:" + server.getAddress().getPort());
  }

  void mode(Mode next) {
    mode = next;
  }

  /** How many deletions wait for an answer. */
  int stalled() {
    return stalled.get();
  }

  /** How many messages it has swallowed. */
  int swallowed() {
    return swallowed.get();
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String operation = exchange.getRequestHeaders().getFirst(OPERATION);
    if (mode == Mode.STALL_DELETIONS && DELETION.equals(operation)) {
      stalled.incrementAndGet();
      return;
    }
    try (exchange) {
      if (mode == Mode.AWAY) {
        return;
      }
      HttpResponse<byte[]> answer = pass(operation, body);
      byte[] given = answer.body();
      if (mode == Mode.SWALLOW && RECEIPT.equals(operation)) {
        given = swallow(body, given);
      }
      answer
          .headers()
          .firstValue("Content-Type")
          .ifPresent(type -> exchange.getResponseHeaders().add("Content-Type", type));
      exchange.sendResponseHeaders(answer.statusCode(), given.length);
      exchange.getResponseBody().write(given);
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private HttpResponse<byte[]> pass(String operation, byte[] body)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(sqs)
            .header(OPERATION, operation)
            .header("Content-Type", "application/x-amz-json-1.0")
            .POST(BodyPublishers.ofByteArray(body))
            .build(),
        BodyHandlers.ofByteArray());
  }

  private byte[] swallow(byte[] request, byte[] answer) throws IOException, InterruptedException {
    JsonNode messages = JSON.readTree(answer).path("Messages");
    if (!messages.isEmpty()) {
      ObjectNode deletion = JSON.createObjectNode();
      deletion.set("QueueUrl", JSON.readTree(request).path("QueueUrl"));
      for (int i = 0; i < messages.size(); i++) {
        deletion
            .withArray("Entries")
            .addObject()
            .put("Id", Integer.toString(i))
            .set("ReceiptHandle", messages.get(i).path("ReceiptHandle"));
      }
      var _ = pass(DELETION, JSON.writeValueAsBytes(deletion));
      swallowed.addAndGet(messages.size());
    }
    return "{}".getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    server.stop(0);
    client.shutdownNow();
    threads.shutdownNow();
  }
}
