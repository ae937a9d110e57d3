package dev.escala.fleet;

import dev.escala.monitoring.PrometheusApi;

/**
 * What it costs Prometheus to watch a fleet, as it says itself.
 *
 * @param scraped series of all systems, each a sample with every scrape
 * @param largest of these, those of the largest process
 * @param recorded series that the rules make
 * @param inMemory all series that are held
 * @param evaluation seconds that all rules take, each group once
 * @param memory resident bytes
 */
record FleetCost(
    double scraped,
    double largest,
    double recorded,
    double inMemory,
    double evaluation,
    double memory) {
  private static final double MILLIS = 1e3;
  private static final double MEBI = 1 << 20;

  static FleetCost of(PrometheusApi prometheus) {
    return new FleetCost(
        prometheus.number(
            "sum(scrape_samples_post_metric_relabeling{job=\"escala\",system!=\"\"})"),
        prometheus.number(
            "max(scrape_samples_post_metric_relabeling{job=\"escala\",system!=\"\"})"),
        prometheus.number("sum(prometheus_rule_group_last_evaluation_samples)"),
        prometheus.number("max(prometheus_tsdb_head_series)"),
        prometheus.number("sum(prometheus_rule_group_last_duration_seconds)"),
        prometheus.number("max(process_resident_memory_bytes{job=\"prometheus\"})"));
  }

  String text() {
    return String.format(
        "Cost: %,.0f series scraped (at most %,.0f a system), %,.0f recorded, %,.0f in memory;"
            + " all rules once: %.0f ms; Prometheus: %.0f MiB%n",
        scraped, largest, recorded, inMemory, evaluation * MILLIS, memory / MEBI);
  }
}
