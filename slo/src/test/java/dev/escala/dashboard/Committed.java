package dev.escala.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.MetricNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What stands in {@code ops/}, read as anybody would read it. */
final class Committed {
  static final Path OPS = Path.of("../ops");

  private static final Set<String> OF_PROMETHEUS =
      Set.of(
          "ALERTS",
          "ALERTS_FOR_STATE",
          "scrape_samples_post_metric_relabeling",
          "prometheus_rule_group_last_duration_seconds",
          "prometheus_rule_group_interval_seconds",
          "prometheus_tsdb_head_series");

  /** Of a ticket, of the slow and of the fast page. */
  private static final List<Double> BURN_RATES = List.of(1.0, 6.0, 14.4);

  private static final Pattern BOUND = Pattern.compile("le=~?\"([0-9.]+)");
  private static final Pattern RECORDED = Pattern.compile("record: *(\\S+)");

  private Committed() {}

  static Shelf shelf() {
    List<JsonNode> dashboards =
        files().entrySet().stream()
            .filter(file -> file.getKey().endsWith(".json"))
            .map(file -> JsonMapper.shared().readTree(file.getValue()))
            .toList();
    return new Shelf(dashboards, metrics(), steps());
  }

  /** Contents of what Grafana is given, by path. */
  static Map<String, String> files() {
    return files(Path.of("grafana"));
  }

  /** Contents of all files below a folder of {@code ops/}, by path. */
  static Map<String, String> files(Path folder) {
    try (Stream<Path> paths = Files.walk(OPS.resolve(folder))) {
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

  /** What the product exposes, with its labels, and what the rules and Prometheus itself record. */
  private static Map<String, Set<String>> metrics() {
    Map<String, Set<String>> metrics = new HashMap<>();
    OF_PROMETHEUS.forEach(name -> metrics.put(name, Set.of()));
    for (String listed : MetricNames.listed()) {
      int brace = listed.indexOf('{');
      String labels = listed.substring(brace + 1, listed.length() - 1);
      metrics.put(listed.substring(0, brace), Set.of(labels.split(",", -1)));
    }
    try (Stream<Path> rules = Files.list(OPS.resolve("prometheus/rules"))) {
      rules.forEach(
          file ->
              RECORDED
                  .matcher(read(file))
                  .results()
                  .forEach(record -> metrics.put(record.group(1), Set.of())));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return metrics;
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
