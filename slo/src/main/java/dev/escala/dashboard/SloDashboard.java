package dev.escala.dashboard;

import static dev.escala.dashboard.Color.CRITICAL;
import static dev.escala.dashboard.Color.OK;
import static dev.escala.dashboard.Color.TICKET;
import static dev.escala.dashboard.Color.WARN;

/** The promises of one system: what is left of each, and how fast it goes. */
final class SloDashboard {
  private SloDashboard() {}

  static Dashboard of(Links links) {
    return new Dashboard(
            Uid.SLO,
            "What was promised, what was kept, how fast the rest is used up, and by which events.",
            links)
        .row("How much is left", "error-budget.md", left(), kept())
        .row(
            "Pages: both windows above the line",
            "error-budget.md",
            burn("1h", "Above 14.4 here and in the window of 5 minutes: page."),
            burn("5m", "The short window ends the page when the errors end."),
            burn("6h", "Above 6 here and in the window of 30 minutes: page."),
            burn("30m", "The short window of the one of 6 hours."))
        .row(
            "Tickets",
            "error-budget.md",
            burn("3d", "Above 1 here and in the window of 6 hours: a ticket, nobody wakes up."),
            remaining())
        .row("Events", "error-budget.md", errors(), total());
  }

  private static Panel left() {
    return Panel.of(
            Kind.BAR_GAUGE,
            "Budget left of 30 days",
            "1 is untouched, 0 is used up, below it the promise is broken.")
        .unit(Unit.RATIO)
        .signed()
        .max(1)
        .base(CRITICAL)
        .step(0, WARN)
        .step(0.25, OK)
        .target("min by (slo) (slo:error_budget_remaining:ratio_30d{@})", "{{slo}}")
        .size(12, 8);
  }

  private static Panel kept() {
    return Panel.of(
            Kind.BAR_GAUGE,
            "Distance to the promise",
            "Errors of 30 days as a share of all events, over the errors that are allowed: above 1"
                + " the promise is broken.")
        .unit(Unit.TIMES)
        .base(OK)
        .step(0.75, WARN)
        .step(1, CRITICAL)
        .target(
            "max by (slo, tier) (slo:sli_error:ratio_30d{@}) / on (slo, tier) (1 -"
                + " slo:objective:ratio)",
            "{{slo}}")
        .size(12, 8);
  }

  private static Panel burn(String window, String description) {
    return Bounds.burnLines(Panel.of(Kind.TIME_SERIES, "Burn rate, " + window, description))
        .target("max by (slo) (slo:burn_rate:ratio_%s{@})".formatted(window), "{{slo}}")
        .size(12, 8);
  }

  private static Panel remaining() {
    return Panel.of(
            Kind.TIME_SERIES, "Budget left over time", "A step is an incident, a slope is a habit.")
        .unit(Unit.RATIO)
        .signed()
        .max(1)
        .step(0, TICKET)
        .target("min by (slo) (slo:error_budget_remaining:ratio_30d{@})", "{{slo}}")
        .size(12, 8);
  }

  private static Panel errors() {
    return Panel.of(
            Kind.TIME_SERIES,
            "Bad events",
            "A minute, by promise. Few of them at low traffic do not page: three in an hour are"
                + " the least.")
        .target("60 * sum by (slo) (slo:sli_errors:rate5m{@})", "{{slo}}")
        .size(12, 8);
  }

  private static Panel total() {
    return Panel.of(
            Kind.TIME_SERIES,
            "All events",
            "A minute, by promise. A promise without events is not kept, it is unknown: the alert"
                + " EscalaSloMetricAbsent fires.")
        .target("60 * sum by (slo) (slo:sli_total:rate5m{@})", "{{slo}}")
        .size(12, 8);
  }
}
