package dev.escala.dashboard;

import static dev.escala.dashboard.Color.CRITICAL;
import static dev.escala.dashboard.Color.WARN;

/** Each system against all others: what only a fleet can tell. */
final class FleetComparison {
  private FleetComparison() {}

  static Panel[] panels(Bounds bounds) {
    return new Panel[] {distribution(bounds), outliers(), late(bounds)};
  }

  private static Panel distribution(Bounds bounds) {
    Panel panel =
        bounds
            .latencyLines(
                Panel.of(
                    Kind.TIME_SERIES,
                    "p99 across the systems",
                    "How the 99th percentiles of the systems are spread: the best, the median, nine"
                        + " of ten, the worst. All lines up: something shared. Only the worst: one"
                        + " system."))
            .unit(Unit.SECONDS);
    return panel
        .target("min(system:api_p99_seconds:5m{@})", "best")
        .target("quantile(0.5, system:api_p99_seconds:5m{@})", "median")
        .target("quantile(0.9, system:api_p99_seconds:5m{@})", "nine of ten")
        .target("max(system:api_p99_seconds:5m{@})", "worst");
  }

  private static Panel outliers() {
    return Panel.of(
            Kind.BAR_GAUGE,
            "Outliers: p99 against the median",
            "The ten systems whose 99th percentile is the largest multiple of their tier's median."
                + " Three times is worth a look even where no threshold is crossed.")
        .unit(Unit.TIMES)
        .step(3, WARN)
        .step(10, CRITICAL)
        .target(
            "topk(10, system:api_p99_seconds:5m{@} / on (tier) group_left quantile by (tier) (0.5,"
                + " system:api_p99_seconds:5m{@}))",
            "{{system}}")
        .linkToSystem();
  }

  private static Panel late(Bounds bounds) {
    return Panel.of(
            Kind.BAR_GAUGE,
            "Ten latest to deliver",
            "99th percentile of the time from publishing to the committed row, 5 minutes.")
        .unit(Unit.SECONDS)
        .step(bounds.freshnessSeconds(), WARN)
        .target("topk(10, system:freshness_p99_seconds:5m{@})", "{{system}}")
        .linkToSystem();
  }
}
