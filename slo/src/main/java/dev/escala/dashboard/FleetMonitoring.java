package dev.escala.dashboard;

import static dev.escala.dashboard.Color.CRITICAL;
import static dev.escala.dashboard.Color.WARN;

import dev.escala.slo.Thresholds;

/** Whether that which watches the fleet can still carry it. */
final class FleetMonitoring {
  private FleetMonitoring() {}

  static Panel[] panels() {
    return new Panel[] {samples(), rules(), series()};
  }

  private static Panel samples() {
    return Panel.of(
            Kind.BAR_GAUGE,
            "Series of a process, top ten",
            "What each system's largest process exports, against the budget of a process. A label"
                + " that grows without bound shows here first.")
        .step(0.75 * Thresholds.SERIES_OF_A_PROCESS, WARN)
        .step(Thresholds.SERIES_OF_A_PROCESS, CRITICAL)
        .target(
            """
            topk(10, max by (system) (scrape_samples_post_metric_relabeling
            * on (job, instance) group_left (system)
            group by (job, instance, system) (escala_build_info{@})))
            """,
            "{{system}}")
        .linkToSystem();
  }

  private static Panel rules() {
    return Panel.of(
            Kind.BAR_GAUGE,
            "Slowest groups of rules",
            "How much of its interval the last evaluation of a group took. At 1 evaluations are"
                + " left out and alerts come late. No data where a managed service evaluates them.")
        .unit(Unit.RATIO)
        .max(1)
        .step(0.5, WARN)
        .step(0.9, CRITICAL)
        .target(
            """
            topk(5, max by (group) (label_replace(
            prometheus_rule_group_last_duration_seconds / prometheus_rule_group_interval_seconds,
            "group", "$1", "rule_group", ".*;(.*)")))
            """,
            "{{group}}");
  }

  private static Panel series() {
    return Panel.of(
            Kind.TIME_SERIES,
            "Series in memory",
            "Of all systems together; each took about 4 KiB of memory when measured. The arithmetic"
                + " for 500 and 5,000 systems stands in docs/monitoring.md.")
        .target("max(prometheus_tsdb_head_series)", "series");
  }
}
