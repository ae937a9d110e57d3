package dev.escala.fleet;

import dev.escala.monitoring.PrometheusApi;
import dev.escala.monitoring.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the page draws: each system that there should be or that was seen, worst first, from what
 * the rules recorded. A number that is not there is null, and a status that is not there is none.
 */
final class FleetView {
  private static final int STEPS = 60;
  private static final String SYSTEM = "system";

  private static final Map<String, String> NUMBERS =
      Map.of(
          "status", "max by (system) (system:status)",
          "api", "max by (system) (system:api_status)",
          "database", "max by (system) (system:database_status)",
          "topic", "max by (system) (system:topic_status)",
          "budget", "min by (system) (slo:error_budget_remaining:ratio_30d)",
          "burn", "max by (system) (slo:burn_rate:ratio_1h)",
          "p99", "max by (system) (system:api_p99_seconds:5m)",
          "freshness", "max by (system) (system:freshness_p99_seconds:5m)");

  private static final String KNOWN =
      "group by (system, env, tier, region) (system:expected_tasks:count or system:status)";

  private static final String FIRING =
      "ALERTS{alertname!=\"EscalaWatchdog\",alertstate=\"firing\",severity=~\"critical|warning\"}";

  private final PrometheusApi prometheus;
  private final Duration span;

  FleetView(PrometheusApi prometheus, Duration span) {
    this.prometheus = prometheus;
    this.span = span;
  }

  /** As it is given to the page; times in seconds since 1970. */
  Map<String, Object> json(Instant now) {
    Map<String, Map<String, Double>> numbers = new LinkedHashMap<>();
    NUMBERS.forEach((name, expression) -> numbers.put(name, bySystem(expression)));
    Map<String, List<Map<String, Object>>> alerts = alerts();
    Map<String, @Nullable Integer[]> timelines = timelines(now);
    List<Map<String, Object>> systems = new ArrayList<>();
    for (Series known : prometheus.query(KNOWN)) {
      String name = known.label(SYSTEM);
      Map<String, Object> system = new LinkedHashMap<>(known.labels());
      numbers.forEach((column, values) -> system.put(column, values.get(name)));
      system.put("alerts", alerts.getOrDefault(name, List.of()));
      system.put("timeline", Arrays.asList(timelines.getOrDefault(name, new Integer[STEPS + 1])));
      systems.add(system);
    }
    systems.sort(
        Comparator.comparingDouble(FleetView::rank)
            .reversed()
            .thenComparing(system -> String.valueOf(system.get(SYSTEM))));
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("at", now.getEpochSecond());
    view.put("span", span.toSeconds());
    view.put("systems", systems);
    view.put("alerts", alerts.getOrDefault("", List.of()));
    return view;
  }

  /** A status weighs more than any burn rate; one that is not there is as bad as unknown. */
  private static double rank(Map<String, Object> system) {
    double status = system.get("status") instanceof Double known ? known : 3;
    return 1000 * status + (system.get("burn") instanceof Double burn ? Math.min(burn, 999) : 0);
  }

  private Map<String, Double> bySystem(String expression) {
    return prometheus.query(expression).stream()
        .filter(series -> Double.isFinite(series.value()))
        .collect(Collectors.toMap(series -> series.label(SYSTEM), Series::value));
  }

  /** What fires, by system; of none under the empty name. */
  private Map<String, List<Map<String, Object>>> alerts() {
    Map<String, List<Map<String, Object>>> alerts = new TreeMap<>();
    for (Series alert : prometheus.query(FIRING)) {
      Map<String, Object> told =
          Map.of(
              "name", alert.label("alertname").replaceFirst("^Escala", ""),
              "severity", alert.label("severity"),
              "region", alert.label("region"));
      List<Map<String, Object>> of =
          alerts.computeIfAbsent(alert.label(SYSTEM), name -> new ArrayList<>());
      if (!of.contains(told)) {
        of.add(told);
      }
    }
    return alerts;
  }

  /** The status of each system at the end of each step; null where there was none. */
  private Map<String, @Nullable Integer[]> timelines(Instant now) {
    long step = span.toMillis() / STEPS;
    double start = now.minusMillis(step * STEPS).toEpochMilli() / 1e3;
    JsonNode data =
        prometheus.data(
            "query_range",
            Map.of(
                "query",
                "max by (system) (system:status)",
                "start",
                Double.toString(start),
                "end",
                Double.toString(now.toEpochMilli() / 1e3),
                "step",
                step + "ms"));
    Map<String, @Nullable Integer[]> timelines = new LinkedHashMap<>();
    for (JsonNode result : data.path("result")) {
      @Nullable Integer[] timeline = new Integer[STEPS + 1];
      for (JsonNode sample : result.path("values")) {
        long at = Math.round((sample.get(0).asDouble() - start) * 1e3 / step);
        timeline[(int) at] = (int) Double.parseDouble(sample.get(1).asString());
      }
      timelines.put(result.at("/metric/system").asString(), timeline);
    }
    return timelines;
  }
}
