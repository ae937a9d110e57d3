package dev.escala.delivery;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.ToIntFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stands before moto's ECS, which runs no tasks: the command of a task that is started is run here,
 * and its exit code is what the task is said to have ended with. Everything else goes through.
 */
final class TaskRunner implements AutoCloseable {
  private static final String ACTION = "X-Amz-Target";

  /** The JDK's client sets these itself. */
  private static final Set<String> NOT_FORWARDED =
      Set.of("host", "connection", "content-length", "expect", "upgrade");

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final HttpServer server;
  private final URI cloud;
  private final ToIntFunction<List<String>> tasks;
  private final List<String> actions = new CopyOnWriteArrayList<>();
  private volatile int exitCode;

  private TaskRunner(HttpServer server, URI cloud, ToIntFunction<List<String>> tasks) {
    this.server = server;
    this.cloud = cloud;
    this.tasks = tasks;
  }

  /**
   * @param tasks runs the command of a task and returns its exit code
   */
  static TaskRunner before(URI cloud, ToIntFunction<List<String>> tasks) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    TaskRunner runner = new TaskRunner(server, cloud, tasks);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", runner::handle);
    server.start();
    return runner;
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** The actions of ECS that were asked for, in order. */
  List<String> actions() {
    return actions;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String action =
          Optional.ofNullable(exchange.getRequestHeaders().getFirst(ACTION))
              .map(target -> target.substring(target.indexOf('.') + 1))
              .orElse("");
      actions.add(action);
      if (action.equals("RunTask")) {
        exitCode = tasks.applyAsInt(command(body));
      }
      HttpResponse<byte[]> answer = forward(exchange, body);
      byte[] told = action.equals("DescribeTasks") ? withExitCode(answer.body()) : answer.body();
      answer
          .headers()
          .firstValue("Content-Type")
          .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
      exchange.sendResponseHeaders(answer.statusCode(), told.length == 0 ? -1 : told.length);
      exchange.getResponseBody().write(told);
    }
  }

  private static List<String> command(byte[] body) {
    JsonNode overrides = JsonMapper.shared().readTree(body).path("overrides");
    return overrides
        .path("containerOverrides")
        .path(0)
        .path("command")
        .valueStream()
        .map(JsonNode::stringValue)
        .toList();
  }

  private byte[] withExitCode(byte[] body) {
    String told = new String(body, StandardCharsets.UTF_8);
    return told.replaceAll("\"exitCode\": ?0", "\"exitCode\": " + exitCode)
        .getBytes(StandardCharsets.UTF_8);
  }

  private HttpResponse<byte[]> forward(HttpExchange exchange, byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(cloud.resolve(exchange.getRequestURI()))
            .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!NOT_FORWARDED.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    try {
      return client.send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
