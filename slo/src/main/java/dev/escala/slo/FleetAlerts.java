package dev.escala.slo;

import static dev.escala.slo.AlertTemplate.Severity.CRITICAL;
import static dev.escala.slo.AlertTemplate.Severity.INFO;
import static dev.escala.slo.AlertTemplate.Severity.WARNING;
import static dev.escala.slo.AlertTemplate.alert;

import java.time.Duration;
import java.util.List;

/** Many systems at once, and the monitoring itself. */
final class FleetAlerts {
  /** Two looks, and sooner than any group of alerts of single systems is told. */
  private static final Duration MOMENT = Duration.ofSeconds(15);

  private static final Duration TWO_MINUTES = Duration.ofMinutes(2);
  private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

  /** Whoever has been silent for longer than an hour may have been switched off. */
  private static final String DEGRADED =
      "system:status == 2 or system:status == 3"
          + " and on ({L}) last_over_time(system:seen:info{vital=\"system\"}[1h])";

  private FleetAlerts() {}

  static List<AlertTemplate> all() {
    return List.of(manySystemsDegraded(), seriesBudget(), ruleEvaluation(), watchdog());
  }

  /** A fifth of a small fleet is one system; that is not many. */
  private static AlertTemplate manySystemsDegraded() {
    return alert(
            CRITICAL,
            "FleetManySystemsDegraded",
            """
            count by (env, region) (%1$s)
            / count by (env, region) (system:status)
            > 0.2
            and
            count by (env, region) (%1$s) >= 3
            """
                .formatted(DEGRADED))
        .lasting(MOMENT)
        .leadingTo("fleet", "escala-fleet")
        .saying(
            "Many systems of a region fail at once.",
            "{{ $value | humanizePercentage }} of the systems in {{ $labels.region }}"
                + " ({{ $labels.env }}) are critical or unknown: look for what they share."
                + " Their own alerts are held back.");
  }

  private static AlertTemplate seriesBudget() {
    return alert(
            WARNING,
            "SeriesBudgetExceeded",
            """
            max by ({L}) (
              scrape_samples_post_metric_relabeling
              * on (job, instance) group_left (system, env, tier, region)
              group by (job, instance, system, env, tier, region) (escala_build_info)
            )
            > %d
            """
                .formatted(Thresholds.SERIES_OF_A_PROCESS))
        .lasting(TEN_MINUTES)
        .leadingTo("monitoring", "escala-fleet")
        .saying(
            "A process exports more series than it may.",
            "A process of {{ $labels.system }} ({{ $labels.env }}, {{ $labels.region }}) exports"
                + " {{ $value }} series.");
  }

  private static AlertTemplate ruleEvaluation() {
    return alert(
            CRITICAL,
            "RuleEvaluationFailing",
            """
            sum by (rule_group) (increase(prometheus_rule_evaluation_failures_total[5m])) > 0
            or
            sum by (rule_group) (increase(prometheus_rule_group_iterations_missed_total[5m])) > 0
            """)
        .lasting(TWO_MINUTES)
        .leadingTo("monitoring", "escala-fleet")
        .saying(
            "Prometheus does not get through its rules.",
            "Rules of {{ $labels.rule_group }} fail or are left out: alerts may be missing.");
  }

  /** Whoever stops hearing it knows that the alerting is dead. */
  private static AlertTemplate watchdog() {
    return alert(INFO, "Watchdog", "vector(1)")
        .leadingTo("monitoring", "escala-fleet")
        .saying(
            "The alerting is alive.",
            "Fires always. A dead man's switch outside calls when it stops hearing it.");
  }
}
