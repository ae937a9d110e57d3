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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One process that answers as every system of a fleet, {@code /systems/NAME/metrics}, and as who
 * asks those of a region from outside, {@code /probers/REGION/metrics}; {@code /targets} is for the
 * discovery of Prometheus (http_sd).
 */
final class FleetServer implements AutoCloseable {
  private static final String SYSTEMS = "/systems/";
  private static final String PROBERS = "/probers/";
  private static final int WARMING_ROUNDS = 5;
  private static final String SUFFIX = "/metrics";

  private final Map<String, SimulatedSystem> systems = new LinkedHashMap<>();
  private final Map<String, SimulatedProber> probers = new LinkedHashMap<>();
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private FleetServer(Fleet fleet, Pace pace, HttpServer server) {
    this.server = server;
    Instant start = Instant.now();
    for (FleetSystem system : fleet.systems()) {
      systems.put(
          system.name(), new SimulatedSystem(system, fleet.incidentsOf(system), start, pace));
    }
    systems.values().stream()
        .collect(Collectors.groupingBy(system -> system.system().labels().region()))
        .forEach((region, ours) -> probers.put(region, new SimulatedProber(ours, pace)));
    server.setExecutor(threads);
    server.createContext("/targets", this::targets);
    server.createContext(
        SYSTEMS,
        exchange ->
            metrics(
                exchange,
                Optional.ofNullable(systems.get(name(exchange, SYSTEMS)))
                    .map(system -> accept -> system.scrape(Instant.now(), accept))));
    server.createContext(
        PROBERS,
        exchange ->
            metrics(
                exchange,
                Optional.ofNullable(probers.get(name(exchange, PROBERS)))
                    .map(prober -> accept -> Optional.of(prober.scrape(Instant.now(), accept)))));
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

  /** Answers so often that the first who asks waits no longer than all others. */
  void warmUp() {
    for (int round = 0; round < WARMING_ROUNDS; round++) {
      systems.values().forEach(system -> system.scrape(Instant.now(), ""));
      probers.values().forEach(prober -> prober.scrape(Instant.now(), ""));
    }
  }

  /** Serves a page at {@code /}. */
  URI show(FleetPage page) {
    server.createContext("/", page);
    return URI.create("http://" + authority() + "/");
  }

  private String authority() {
    return "localhost:" + server.getAddress().getPort();
  }

  private void targets(HttpExchange exchange) throws IOException {
    List<Map<String, Object>> groups = new ArrayList<>();
    probers.keySet().forEach(region -> groups.add(prober(region)));
    systems.values().forEach(system -> groups.add(target(system.system())));
    answer(exchange, 200, "application/json", JsonText.of(groups).getBytes(StandardCharsets.UTF_8));
  }

  private Map<String, Object> prober(String region) {
    return Map.of(
        "targets",
        List.of(authority()),
        "labels",
        Map.of("__metrics_path__", PROBERS + region + SUFFIX, "instance", "prober-of-" + region));
  }

  /** The labels of the target also stand on what Prometheus itself says about it, such as up. */
  private Map<String, Object> target(FleetSystem system) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("__metrics_path__", SYSTEMS + system.name() + SUFFIX);
    labels.put("__meta_escala_team", system.team());
    labels.put("instance", system.name() + "-1");
    labels.put("system", system.name());
    labels.put("env", system.labels().environment());
    labels.put("tier", system.labels().tier());
    labels.put("region", system.labels().region());
    return Map.of("targets", List.of(authority()), "labels", labels);
  }

  private static String name(HttpExchange exchange, String prefix) {
    return exchange
        .getRequestURI()
        .getPath()
        .substring(prefix.length())
        .replaceFirst(SUFFIX + "$", "");
  }

  /** Of nobody who is known 404, of who is silent 503. */
  private static void metrics(
      HttpExchange exchange, Optional<Function<String, Optional<Scrape>>> known)
      throws IOException {
    String accept = Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Accept"), "");
    Optional<Scrape> scrape = known.flatMap(source -> source.apply(accept));
    if (scrape.isPresent()) {
      answer(exchange, 200, scrape.get().contentType(), scrape.get().body());
    } else {
      answer(exchange, known.isPresent() ? 503 : 404, "text/plain", new byte[0]);
    }
  }

  static void answer(HttpExchange exchange, int status, String type, byte[] body)
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
