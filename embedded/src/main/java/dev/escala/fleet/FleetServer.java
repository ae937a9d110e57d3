package dev.escala.fleet;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.escala.http.JsonText;
import dev.escala.ops.MetricsObserver.Scrape;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * One process that answers as every system of a fleet: {@code /systems/NAME/metrics}, and {@code
 * /targets} for the discovery of Prometheus (http_sd).
 */
final class FleetServer implements AutoCloseable {
  private static final String PREFIX = "/systems/";
  private static final String SUFFIX = "/metrics";

  private final Map<String, SimulatedSystem> systems = new LinkedHashMap<>();
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private FleetServer(Fleet fleet, Pace pace, HttpServer server) {
    this.server = server;
    Instant start = Instant.now();
    for (FleetSystem system : fleet.systems()) {
      systems.put(
          system.name(), new SimulatedSystem(system, fleet.incidentsOf(system), start, pace));
    }
    server.setExecutor(threads);
    server.createContext("/targets", this::targets);
    server.createContext(PREFIX, this::metrics);
    server.start();
  }

  /** Starts on a loopback port; 0 takes a free one. */
  static FleetServer start(Fleet fleet, Pace pace, int port) throws IOException {
    return new FleetServer(
        fleet,
        pace,
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0));
  }

  /** Where Prometheus finds all targets. */
  URI targets() {
    return URI.create("http://" + authority() + "/targets");
  }

  private String authority() {
    return "localhost:" + server.getAddress().getPort();
  }

  private void targets(HttpExchange exchange) throws IOException {
    List<Map<String, Object>> groups =
        systems.values().stream().map(system -> target(system.system())).toList();
    answer(exchange, 200, "application/json", JsonText.of(groups).getBytes(StandardCharsets.UTF_8));
  }

  /** The labels of the target also stand on what Prometheus itself says about it, such as up. */
  private Map<String, Object> target(FleetSystem system) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("__metrics_path__", PREFIX + system.name() + SUFFIX);
    labels.put("__meta_escala_team", system.team());
    labels.put("instance", system.name() + "-1");
    labels.put("system", system.name());
    labels.put("env", system.labels().environment());
    labels.put("tier", system.labels().tier());
    labels.put("region", system.labels().region());
    return Map.of("targets", List.of(authority()), "labels", labels);
  }

  private void metrics(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String name = path.substring(PREFIX.length()).replaceFirst(SUFFIX + "$", "");
    SimulatedSystem system = systems.get(name);
    if (system == null || !path.endsWith(SUFFIX)) {
      answer(exchange, 404, "text/plain", new byte[0]);
      return;
    }
    String accept = Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Accept"), "");
    Optional<Scrape> scrape = system.scrape(Instant.now(), accept);
    if (scrape.isPresent()) {
      answer(exchange, 200, scrape.get().contentType(), scrape.get().body());
    } else {
      answer(exchange, 503, "text/plain", new byte[0]);
    }
  }

  private static void answer(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().add("Content-Type", type);
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
