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
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Stands before moto's ECS, which runs no tasks and rolls nothing out: the command of a task that
 * is started is run here until it ends or is stopped, and the roll-out of a service is as far as a
 * test says. What the guard forbids is refused as AWS would. Everything else goes through.
 */
final class TaskRunner implements AutoCloseable {
  private static final String ACTION = "X-Amz-Target";
  private static final int STOPPED_BY_SIGNAL = 143;

  /** The JDK's client sets these itself. */
  private static final Set<String> NOT_FORWARDED =
      Set.of("host", "connection", "content-length", "expect", "upgrade");

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ExecutorService running = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Future<Integer>> tasks = new ConcurrentHashMap<>();
  private final List<String> actions = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private final URI cloud;

  /** What runs a command and returns its exit code. */
  volatile ToIntFunction<List<String>> program = command -> 0;

  /** How far the roll-out of a task definition is: COMPLETED, IN_PROGRESS or FAILED. */
  volatile Function<String, String> rollOut = definition -> "COMPLETED";

  /** Why AWS would not do it. */
  volatile Function<CloudRequest, Optional<String>> guard = request -> Optional.empty();

  private TaskRunner(HttpServer server, URI cloud) {
    this.server = server;
    this.cloud = cloud;
  }

  static TaskRunner before(URI cloud) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    TaskRunner runner = new TaskRunner(server, cloud);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", runner::handle);
    server.start();
    return runner;
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** What was asked for, in order, such as {@code UpdateService}. */
  List<String> actions() {
    return actions;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      CloudRequest request =
          CloudRequest.of(
              exchange.getRequestHeaders().getFirst(ACTION),
              new String(body, StandardCharsets.UTF_8));
      actions.add(request.operation());
      Optional<String> refusal = guard.apply(request);
      if (refusal.isPresent()) {
        exchange.getResponseHeaders().set("x-amzn-ErrorType", "AccessDeniedException");
        answer(
            exchange,
            400,
            "{\"__type\": \"AccessDeniedException\", \"message\": \"%s\"}"
                .formatted(refusal.get()));
        return;
      }
      HttpResponse<byte[]> answer = forward(exchange, body);
      answer
          .headers()
          .firstValue("Content-Type")
          .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
      answer(exchange, answer.statusCode(), told(request, answer));
    }
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  /** The answer of moto with what it does not know. */
  private String told(CloudRequest request, HttpResponse<byte[]> answer) {
    String text = new String(answer.body(), StandardCharsets.UTF_8);
    if (answer.statusCode() != 200) {
      return text;
    }
    return switch (request.operation()) {
      case "RunTask" -> {
        ObjectNode tree = tree(text);
        List<String> command = command(request.body());
        tasks.put(
            tree.at("/tasks/0/taskArn").asString(),
            running.submit(() -> program.applyAsInt(command)));
        yield text;
      }
      case "StopTask" -> {
        var _ = run(request.body().path("task").asString()).cancel(true);
        yield text;
      }
      case "DescribeTasks" -> {
        ObjectNode tree = tree(text);
        tree.path("tasks").forEach(task -> tell((ObjectNode) task));
        yield tree.toString();
      }
      case "DescribeServices" -> {
        ObjectNode tree = tree(text);
        tree.path("services").forEach(service -> roll((ObjectNode) service));
        yield tree.toString();
      }
      default -> text;
    };
  }

  private static ObjectNode tree(String json) {
    return (ObjectNode) JsonMapper.shared().readTree(json);
  }

  private static List<String> command(JsonNode body) {
    return body.at("/overrides/containerOverrides/0/command")
        .valueStream()
        .map(JsonNode::stringValue)
        .toList();
  }

  private Future<Integer> run(String taskArn) {
    return Objects.requireNonNull(tasks.get(taskArn), taskArn);
  }

  private void tell(ObjectNode task) {
    Future<Integer> run = run(task.path("taskArn").asString());
    task.put("lastStatus", run.isDone() ? "STOPPED" : "RUNNING");
    for (JsonNode container : task.path("containers")) {
      if (run.isDone()) {
        ((ObjectNode) container)
            .put("exitCode", run.isCancelled() ? STOPPED_BY_SIGNAL : run.resultNow());
      }
    }
  }

  /** A roll-out that failed has been replaced by ECS: what ran before is what runs. */
  private void roll(ObjectNode service) {
    String definition = service.path("taskDefinition").asString();
    String state = rollOut.apply(definition);
    boolean failed = state.equals("FAILED");
    service.set("runningCount", service.path("desiredCount"));
    ArrayNode deployments = service.putArray("deployments");
    deployments
        .addObject()
        .put("status", "PRIMARY")
        .put("taskDefinition", failed ? "what ran before" : definition)
        .put("rolloutState", failed ? "COMPLETED" : state);
    if (failed) {
      deployments
          .addObject()
          .put("status", "ACTIVE")
          .put("taskDefinition", definition)
          .put("rolloutState", state)
          .put("rolloutStateReason", "ECS deployment circuit breaker: tasks failed to start.");
    }
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
    running.shutdownNow();
  }
}
