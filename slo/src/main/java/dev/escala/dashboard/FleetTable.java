package dev.escala.dashboard;

import static dev.escala.dashboard.Color.CRITICAL;

import java.util.List;

/**
 * The one table of all systems, worst first. Its columns ask for those that it shows only, so that
 * it costs the same for 5,000 systems as for 50.
 */
final class FleetTable {
  /** As many as can be read; of a larger fleet those that are not ok. */
  static final int MOST = 50;

  static final String STATUS = "max by (system, env, tier, region) (system:status{@})";

  private static final String BURN =
      "max by (system, env, tier, region) (slo:burn_rate:ratio_1h{@})";

  /** A status weighs more than any burn rate; a system without one is ranked by its status. */
  private static final String RANK =
      "1000 * " + STATUS + " + (clamp_max(" + BURN + ", 999) or 0 * " + STATUS + ")";

  private static final String WORST = "topk(" + MOST + ", " + RANK + ")";

  private FleetTable() {}

  static Panel of(Bounds bounds) {
    SystemTable table =
        new SystemTable(
            Panel.of(
                    Kind.TABLE,
                    "Systems, worst first",
                    "The %d worst systems: by status, then by the burn rate of the last hour. A click"
                            .formatted(MOST)
                        + " on a name opens the system.")
                .size(24, 13));
    for (String sign : List.of("status", "api", "database", "topic")) {
      String series = sign.equals("status") ? "system:status" : "system:" + sign + "_status";
      table.status(sign, worst("max by (system, env, tier, region) (" + series + "{@})"));
    }
    return table
        .column(
            "availability 30d",
            worst(
                "1 - max by (system, env, tier, region)"
                    + " (slo:sli_error:ratio_30d{@,slo=\"api_availability\"})"),
            SystemTable.Style.plain(Unit.RATIO))
        .column(
            "budget left",
            worst("min by (system, env, tier, region) (slo:error_budget_remaining:ratio_30d{@})"),
            Bounds.budget())
        .column("burn 1h", worst(BURN), Bounds.burn())
        .column(
            "p99",
            worst("max by (system, env, tier, region) (system:api_p99_seconds:5m{@})"),
            bounds.latency())
        .column(
            "freshness p99",
            worst("max by (system, env, tier, region) (system:freshness_p99_seconds:5m{@})"),
            bounds.freshness())
        .column(
            "dead letters",
            worst("sum by (system, env, tier, region) (sqs_dlq_visible{@})"),
            new SystemTable.Style(Unit.COUNT, Color.NEUTRAL, List.of(new Fields.Step(1, CRITICAL))))
        .label(
            "version",
            worst(
                "topk by (system, env, tier, region) (1, count by (system, env, tier, region,"
                    + " version) (escala_build_info{@}))"))
        .sortedBy(WORST);
  }

  private static String worst(String expression) {
    return expression + " and on (system, env, tier, region) " + WORST;
  }
}
