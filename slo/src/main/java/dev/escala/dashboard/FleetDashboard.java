package dev.escala.dashboard;

import static dev.escala.dashboard.Color.CRITICAL;
import static dev.escala.dashboard.Color.OK;
import static dev.escala.dashboard.Color.UNKNOWN;
import static dev.escala.dashboard.Color.WARN;

/**
 * All systems at once. Every expression aggregates, or takes a few of the worst: none gives more
 * series because there are more systems, and no panel is repeated.
 */
final class FleetDashboard {
  private FleetDashboard() {}

  static Dashboard of(Bounds bounds, Links links) {
    return new Dashboard(
            Uid.FLEET,
            "How many systems are well, which are not, and what those have in common.",
            links)
        .row("How many", "fleet.md", counts())
        .row("What fires", "README.md", AlertTable.of(links))
        .row("Which", "system.md", FleetTable.of(bounds), timeline(), burning())
        .row("How they compare", "system.md", FleetComparison.panels(bounds))
        .row("What the bad ones have in common", "fleet.md", FleetCauses.shares())
        .row("Versions", "fleet.md", FleetCauses.rollout())
        .row("What it costs", "fleet.md", FleetCost.panels())
        .row("The monitoring itself", "monitoring.md", FleetMonitoring.panels());
  }

  private static Panel[] counts() {
    return new Panel[] {
      count("OK", 0, OK, "Systems whose API, database and topics are well."),
      count("Warn", 1, WARN, "Systems that answer slowly or deliver late. Nobody is woken up."),
      count("Critical", 2, CRITICAL, "Systems that do not answer, or lose or hold up messages."),
      count(
          "Unknown",
          3,
          UNKNOWN,
          "Systems that were seen in the last hour and are silent now. Look first at what they"
              + " share: a silent system may be as bad as a critical one."),
      firing(),
      watchdog()
    };
  }

  /** 0 where there are systems and none is in this state; no data where there are no systems. */
  private static Panel count(String title, int status, Color color, String description) {
    return Panel.of(Kind.STAT, title, description)
        .target(
            "count(system:status{@} == %d) or 0 * count(system:status{@})".formatted(status), title)
        .step(1, color)
        .size(4, 4);
  }

  private static Panel firing() {
    return Panel.of(
            Kind.STAT,
            "Alerts that page",
            "Firing alerts of severity critical among the selected systems.")
        .target(
            "count(ALERTS{@,alertname=~\"Escala.+\",alertstate=\"firing\",severity=\"critical\"})"
                + " or 0 * count(system:status{@})",
            "critical alerts")
        .step(1, CRITICAL)
        .size(4, 4);
  }

  private static Panel watchdog() {
    return Panel.of(
            Kind.STAT,
            "Rules are evaluated",
            "The alert that always fires. Without it nothing on this page can be trusted:"
                + " Prometheus does not evaluate the rules.")
        .target("count(ALERTS{alertname=\"EscalaWatchdog\",alertstate=\"firing\"})", "watchdog")
        .step(1, OK)
        .size(4, 4);
  }

  private static Panel timeline() {
    String bad =
        "topk(%d, max by (system, env, tier, region) (max_over_time(system:status{@}[$__range] @"
                .formatted(FleetTable.MOST)
            + " end())) > 0)";
    return Panel.of(
            Kind.STATE_TIMELINE,
            "Status over time",
            "All systems while they are no more than %d; of more, those that were not ok in this time"
                    .formatted(FleetTable.MOST)
                + " range. Bars that begin together have a common cause.")
        .status()
        .target(
            FleetTable.STATUS
                + " and on () count(system:status{@} @ end()) <= %d or ".formatted(FleetTable.MOST)
                + FleetTable.STATUS
                + " and on (system, env, tier, region) "
                + bad,
            "{{system}}")
        .linkToSystem()
        .size(16, 14);
  }

  private static Panel burning() {
    return Panel.of(
            Kind.BAR_GAUGE,
            "Ten highest burn rates, 1 h",
            "How many times faster than allowed the error budget of 30 days is used up. At 1 it"
                + " lasts exactly 30 days, at 14.4 two days.")
        .unit(Unit.TIMES)
        .step(Bounds.BURN_TICKET, WARN)
        .step(Bounds.BURN_SLOW, CRITICAL)
        .step(Bounds.BURN_FAST, CRITICAL)
        .target("topk(10, slo:burn_rate:ratio_1h{@})", "{{system}} {{slo}}")
        .linkToSystem()
        .size(8, 14);
  }
}
