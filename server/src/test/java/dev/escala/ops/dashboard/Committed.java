package dev.escala.ops.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What stands in {@code ops/}, read as anybody would read it. */
final class Committed {
  static final Path OPS = Path.of("../ops");

  /** Of a ticket, of the slow and of the fast page. */
  private static final List<Double> BURN_RATES = List.of(1.0, 6.0, 14.4);

  private static final Pattern BOUND = Pattern.compile("le=~?\"([0-9.]+)");

  private Committed() {}

  static Shelf shelf() {
    List<JsonNode> dashboards =
        files().entrySet().stream()
            .filter(file -> file.getKey().endsWith(".json"))
            .map(file -> JsonMapper.shared().readTree(file.getValue()))
            .toList();
    return new Shelf(dashboards, steps());
  }

  /** Contents of what Grafana is given, by path. */
  static Map<String, String> files() {
    try (Stream<Path> paths = Files.walk(OPS.resolve("grafana"))) {
      return paths
          .filter(Files::isRegularFile)
          .collect(
              Collectors.toMap(
                  path -> OPS.relativize(path).toString(),
                  Committed::read,
                  (a, b) -> a,
                  TreeMap::new));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** For expressions that match a pattern, what the SLO files promise. */
  private static Map<String, List<Double>> steps() {
    List<Double> latency = bounds("api-latency.yaml");
    assertThat(latency).as("bounds of latency").hasSize(2);
    List<Double> freshness = bounds("freshness.yaml");
    assertThat(freshness).as("bounds of freshness").hasSize(1);
    return Map.of(
        "http_request_duration_seconds_bucket|probe_duration|db_ping", latency,
        "^(min|max|quantile)[^/]*api_p99", latency,
        "ingest_freshness_seconds_bucket|system:freshness_p99", freshness,
        "burn_rate", BURN_RATES);
  }

  private static List<Double> bounds(String slo) {
    return BOUND
        .matcher(read(OPS.resolve("slo").resolve(slo)))
        .results()
        .map(bound -> Double.parseDouble(bound.group(1)))
        .toList();
  }
}
