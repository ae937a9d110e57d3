package dev.escala.testing;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Answers as AWS documents it, where ElasticMQ does otherwise: what is scripted for an action, one
 * after the other, the last one again and again.
 */
public final class ScriptedSqs implements AutoCloseable {
  private final LoopbackHttp server;
  private final Map<String, Deque<Answer>> answers = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();

  private record Answer(int status, String error, String body) {}

  public ScriptedSqs() {
    server = new LoopbackHttp(this::answer);
  }

  public URI endpoint() {
    return server.endpoint();
  }

  /** The next answer to an action such as {@code SendMessage}, in JSON. */
  public ScriptedSqs answer(String action, String body) {
    return add(action, new Answer(200, "", body));
  }

  /** The next answer is an error of the sender. */
  public ScriptedSqs refuse(String action, String code, String message) {
    String body =
        "{\"__type\":\"com.amazonaws.sqs#%s\",\"message\":\"%s\"}".formatted(code, message);
    return add(action, new Answer(400, code + ";Sender", body));
  }

  private ScriptedSqs add(String action, Answer answer) {
    answers.computeIfAbsent(action, a -> new ArrayDeque<>()).add(answer);
    return this;
  }

  /** Each action with its request, in order. */
  public List<String> asked() {
    return asked;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
      String action = target.substring(target.indexOf('.') + 1);
      String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      asked.add(action + " " + request);
      Deque<Answer> script = answers.getOrDefault(action, new ArrayDeque<>());
      Answer next = script.size() > 1 ? script.removeFirst() : script.getFirst();
      exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
      if (next.status() != 200) {
        exchange.getResponseHeaders().set("x-amzn-query-error", next.error());
      }
      byte[] body = next.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(next.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
