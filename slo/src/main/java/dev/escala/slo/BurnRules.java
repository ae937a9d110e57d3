package dev.escala.slo;

import dev.escala.slo.Rule.Recording;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** From events to error ratios, burn rates and what is left of the budget, for all SLOs at once. */
final class BurnRules {
  private static final String TOTAL = "(%s > 0)";

  private final Presentation presentation;
  private final Expressions expressions;

  BurnRules(Presentation presentation) {
    this.presentation = presentation;
    this.expressions = new Expressions(presentation.timescale());
  }

  List<RuleGroup> groups() {
    List<Rule> fast = new ArrayList<>();
    for (String window : List.of("5m", "30m", "1h")) {
      fast.add(
          ratio(
              "rate" + window,
              "slo:sli_errors:rate" + window,
              TOTAL.formatted("slo:sli_total:rate" + window)));
      fast.add(burn(window));
    }
    return List.of(
        group("escala-burn", presentation.timescale().scrape(), fast),
        events(),
        group(
            "escala-burn-hours",
            Duration.ofMinutes(1),
            List.of(overEvents("rate2h", "2h"), overEvents("rate6h", "6h"), burn("6h"))),
        group(
            "escala-burn-days",
            Duration.ofMinutes(2),
            List.of(overEvents("rate1d", "1d"), overEvents("rate3d", "3d"), burn("3d"))),
        month());
  }

  /**
   * Counts of five minutes each, once in five minutes: a month of them is 8,640 samples a series,
   * and long windows weigh by events.
   */
  private RuleGroup events() {
    return new RuleGroup(
        "escala-events",
        presentation.timescale().window(Duration.ofMinutes(5)),
        List.of(
            recorded("slo:sli_errors:increase5m", "slo:sli_errors:rate5m * <5m>"),
            recorded("slo:sli_total:increase5m", "slo:sli_total:rate5m * <5m>")));
  }

  /** Below five minutes: a series that is recorded more seldom is absent most of the time. */
  private RuleGroup month() {
    return group(
        "escala-budget",
        Duration.ofMinutes(4),
        List.of(
            overEvents("30d", "30d"),
            recorded(
                "slo:error_budget_remaining:ratio_30d",
                """
                1 - slo:sli_error:ratio_30d
                / on (slo, tier) group_left ()
                (1 - slo:objective:ratio)
                """)));
  }

  private Rule overEvents(String name, String window) {
    return ratio(
        name,
        "sum_over_time(slo:sli_errors:increase5m[" + window + "])",
        TOTAL.formatted("sum_over_time(slo:sli_total:increase5m[" + window + "])"));
  }

  private Rule ratio(String name, String errors, String total) {
    return recorded("slo:sli_error:ratio_" + name, errors + "\n/\n" + total);
  }

  private Rule burn(String window) {
    return recorded(
        "slo:burn_rate:ratio_" + window,
        """
        slo:sli_error:ratio_rate%s
        / on (slo, tier) group_left ()
        (1 - slo:objective:ratio)
        """
            .formatted(window));
  }

  private Rule recorded(String name, String expression) {
    return Recording.of(name, expressions.of(expression));
  }

  private RuleGroup group(String name, Duration interval, List<Rule> rules) {
    return new RuleGroup(name, presentation.timescale().wait(interval), rules);
  }
}
