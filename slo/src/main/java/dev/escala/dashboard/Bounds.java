package dev.escala.dashboard;

import static dev.escala.dashboard.Color.CRITICAL;
import static dev.escala.dashboard.Color.OK;
import static dev.escala.dashboard.Color.WARN;

import dev.escala.dashboard.Fields.Step;
import dev.escala.dashboard.SystemTable.Style;
import dev.escala.slo.Slo;
import dev.escala.slo.SloBook;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where colors change; what the SLO files promise, so that a panel and an alert never disagree.
 *
 * @param warnSeconds an answer of the API or the database that takes longer is slow
 * @param criticalSeconds one that takes longer is too slow
 * @param freshnessSeconds a message whose row takes longer is late
 */
record Bounds(double warnSeconds, double criticalSeconds, double freshnessSeconds) {
  /** The error budget of 30 days lasts 30 days. */
  static final double BURN_TICKET = 1;

  /** It lasts 5 days: pages after six hours. */
  static final double BURN_SLOW = 6;

  /** It lasts 2 days: pages after one hour. */
  static final double BURN_FAST = 14.4;

  private static final double BUDGET_LOW = 0.25;

  private static final Pattern UPPER_BOUND = Pattern.compile("le=~?\"([0-9.]+)");

  static Bounds of(SloBook book) {
    return new Bounds(
        upperBound(book.slo("api-latency-200ms")),
        upperBound(book.slo("api-latency-500ms")),
        upperBound(book.slo("freshness")));
  }

  /** Of the bucket of a histogram that an SLO counts. */
  private static double upperBound(Slo slo) {
    Matcher bound = UPPER_BOUND.matcher(slo.events().counted().getFirst());
    if (!bound.find()) {
      throw new IllegalArgumentException(slo.name() + " counts no bucket of a histogram");
    }
    return Double.parseDouble(bound.group(1));
  }

  Panel latencyLines(Panel panel) {
    return panel.step(warnSeconds, WARN).step(criticalSeconds, CRITICAL);
  }

  static Panel burnLines(Panel panel) {
    return panel
        .unit(Unit.TIMES)
        .step(BURN_TICKET, Color.TICKET)
        .step(BURN_SLOW, WARN)
        .step(BURN_FAST, CRITICAL);
  }

  Style latency() {
    return new Style(
        Unit.SECONDS,
        OK,
        List.of(new Step(warnSeconds, WARN), new Step(criticalSeconds, CRITICAL)));
  }

  Style freshness() {
    return new Style(Unit.SECONDS, OK, List.of(new Step(freshnessSeconds, WARN)));
  }

  static Style burn() {
    return new Style(
        Unit.TIMES,
        OK,
        List.of(
            new Step(BURN_TICKET, Color.TICKET),
            new Step(BURN_SLOW, WARN),
            new Step(BURN_FAST, CRITICAL)));
  }

  static Style budget() {
    return new Style(Unit.RATIO, CRITICAL, List.of(new Step(0, WARN), new Step(BUDGET_LOW, OK)));
  }
}
