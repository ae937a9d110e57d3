package dev.escala.testing;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A schema registry on this machine, as far as schemas are asked for by their ids. */
public final class RegistryServer implements AutoCloseable {
  private static final String NONE = "{\"error_code\":40403,\"message\":\"Schema not found\"}";

  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final AtomicInteger ids = new AtomicInteger();
  private final LoopbackHttp http = new LoopbackHttp(this::answer);
  private volatile int status;
  private volatile @Nullable String login;

  /** Where it is. */
  public URI endpoint() {
    return http.endpoint();
  }

  /** Gives a schema an id. */
  public int register(String schema) {
    int id = ids.incrementAndGet();
    answer("/schemas/ids/" + id, "{\"schema\":\"%s\"}".formatted(escaped(schema)));
    return id;
  }

  /** A schema as it stands in an answer. */
  public static String escaped(String schema) {
    return schema.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", " ");
  }

  /** What is answered with 200 to a path with its query. */
  public void answer(String path, String body) {
    answers.put(path, body);
  }

  /** Every request is answered with that from now on; 0: as it should be. */
  public void fail(int answered) {
    this.status = answered;
  }

  /** Whoever does not send this header {@code Authorization} is refused. */
  public void demand(String authorization) {
    this.login = authorization;
  }

  /** The paths that were asked for, in order. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().toString();
    requests.add(path);
    String body = answers.get(path);
    boolean mayAsk =
        login == null || login.equals(exchange.getRequestHeaders().getFirst("Authorization"));
    if (status != 0) {
      answer(exchange, status, "<html>not now</html>");
    } else if (!mayAsk) {
      answer(exchange, 401, "{\"error_code\":401}");
    } else if (body != null) {
      answer(exchange, 200, body);
    } else {
      boolean known = path.startsWith("/schemas/ids/");
      answer(exchange, 404, known ? NONE : "{\"error_code\":404,\"message\":\"HTTP 404\"}");
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
