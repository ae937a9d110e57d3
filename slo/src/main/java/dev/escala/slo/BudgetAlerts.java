package dev.escala.slo;

import static dev.escala.slo.AlertTemplate.Severity.CRITICAL;
import static dev.escala.slo.AlertTemplate.Severity.WARNING;
import static dev.escala.slo.AlertTemplate.alert;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The error budgets: spent too fast, or no longer measured. */
final class BudgetAlerts {
  private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

  private BudgetAlerts() {}

  /** To be evaluated as often as possible. */
  static List<AlertTemplate> fast(SloBook book) {
    return List.of(burn(book, BurnAlert.FAST));
  }

  /** To be evaluated once a minute. */
  static List<AlertTemplate> slow(SloBook book) {
    List<AlertTemplate> alerts = new ArrayList<>();
    alerts.add(burn(book, BurnAlert.SLOW));
    alerts.add(burn(book, BurnAlert.TICKET));
    book.slos().forEach(slo -> alerts.add(absent(slo)));
    alerts.add(withoutObjective());
    return alerts;
  }

  private static AlertTemplate burn(SloBook book, BurnAlert burn) {
    boolean ticket = burn == BurnAlert.TICKET;
    return alert(
            ticket ? WARNING : CRITICAL,
            burn.alert(),
            expression(burn, ticket ? "" : pagingOnly(book)))
        .leadingTo("error-budget", "escala-slo")
        .saying(
            ticket
                ? "The error budget will not last for the month."
                : "The error budget is being used up fast.",
            "%s of {{ $labels.system }} ({{ $labels.env }}, {{ $labels.region }}) spends its budget"
                    .formatted("{{ $labels.slo }}")
                + " {{ $value | humanize }} times too fast, over "
                + burn.longWindow()
                + " and still over "
                + burn.windows().getLast()
                + ".");
  }

  /** Extrapolation makes of three events a little less or more: half an event of tolerance. */
  private static String expression(BurnAlert burn, String slos) {
    String events =
        burn == BurnAlert.FAST
            ? "slo:sli_errors:rate1h * <1h>"
            : "sum_over_time(slo:sli_errors:increase5m[" + burn.longWindow() + "])";
    String burning =
        burn.windows().stream()
            .map(window -> "slo:burn_rate:ratio_%s%s > %s".formatted(window, slos, burn.factor()))
            .collect(Collectors.joining("\nand\n"));
    return """
    %s
    and on ({L}, slo)
    %s > on (slo) group_left () (slo:minimum_errors:count - 0.5)
    """
        .formatted(burning, events);
  }

  private static String pagingOnly(SloBook book) {
    String others =
        book.slos().stream()
            .filter(slo -> !slo.pages())
            .map(Slo::label)
            .collect(Collectors.joining("|"));
    return others.isEmpty() ? "" : "{slo!~\"" + others + "\"}";
  }

  /** Without events every SLO looks met. */
  private static AlertTemplate absent(Slo slo) {
    return alert(
            WARNING,
            "SloMetricAbsent",
            """
            group by ({L}) (last_over_time(%s[2m]))
            unless on ({L})
            slo:sli_total:rate5m{slo="%s"} > 0
            """
                .formatted(slo.presentWhen(), slo.label()))
        .ofSlo(slo.label())
        .because("no_events")
        .lasting(FIVE_MINUTES)
        .leadingTo("error-budget", "escala-slo")
        .saying(
            "An SLO is not measured.",
            "%s of {{ $labels.system }} ({{ $labels.env }}, {{ $labels.region }}) has had no events"
                    .formatted(slo.title())
                + " for ten minutes: it looks met and is unknown.");
  }

  private static AlertTemplate withoutObjective() {
    return alert(
            WARNING,
            "SloMetricAbsent",
            "slo:sli_total:rate5m unless on (slo, tier) slo:objective:ratio")
        .because("no_objective")
        .lasting(FIVE_MINUTES)
        .leadingTo("error-budget", "escala-slo")
        .saying(
            "A system is of a tier that has no objective.",
            "No file promises anything of {{ $labels.slo }} to the tier {{ $labels.tier }} of"
                + " {{ $labels.system }}.");
  }
}
