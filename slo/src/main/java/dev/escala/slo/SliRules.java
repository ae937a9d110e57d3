package dev.escala.slo;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Bad events and all events of each SLO a second, apart, so that time without traffic is neither
 * good nor bad but nothing. Where an SLO is about time, each second is an event.
 */
final class SliRules {
  private final Presentation presentation;
  private final Expressions expressions;

  SliRules(Presentation presentation) {
    this.presentation = presentation;
    this.expressions = new Expressions(presentation.timescale());
  }

  /** Groups of rules, as Prometheus reads them. */
  List<Map<String, Object>> groups(SloBook book) {
    List<Map<String, Object>> groups = new ArrayList<>();
    groups.add(objectives(book));
    for (Slo slo : book.slos()) {
      List<Map<String, Object>> rules =
          List.of(
              recorded(slo, "slo:expected:info", expected(slo)),
              recorded(slo, "slo:sli_total:rate5m", total(slo.indicator())),
              recorded(slo, "slo:sli_errors:rate5m", errors(slo)));
      groups.add(group("escala-sli-" + slo.name(), presentation.timescale().scrape(), rules));
    }
    return groups;
  }

  private Map<String, Object> objectives(SloBook book) {
    List<Map<String, Object>> rules = new ArrayList<>();
    for (Slo slo : book.slos()) {
      slo.objectives().forEach((tier, target) -> rules.add(objective(slo, tier, target)));
      rules.add(recorded(slo, "slo:minimum_errors:count", "vector(" + slo.minimumErrors() + ")"));
    }
    return group("escala-objectives", Duration.ofMinutes(1), rules);
  }

  private Map<String, Object> objective(Slo slo, Tier tier, BigDecimal target) {
    Map<String, Object> labels = new LinkedHashMap<>();
    labels.put("slo", slo.label());
    labels.put("tier", tier.label());
    return rule("slo:objective:ratio", "vector(" + target.toPlainString() + ")", labels);
  }

  private Map<String, Object> group(
      String name, Duration interval, List<Map<String, Object>> rules) {
    Map<String, Object> group = new LinkedHashMap<>();
    group.put("name", name);
    group.put("interval", Timescale.text(presentation.timescale().wait(interval)));
    group.put("rules", rules);
    return group;
  }

  private Map<String, Object> recorded(Slo slo, String name, String expression) {
    return rule(name, expressions.of(expression), Map.of("slo", slo.label()));
  }

  private static Map<String, Object> rule(
      String name, String expression, Map<String, Object> labels) {
    Map<String, Object> rule = new LinkedHashMap<>();
    rule.put("record", name);
    rule.put("expr", expression);
    rule.put("labels", labels);
    return rule;
  }

  /** Systems that must have events of it. */
  private static String expected(Slo slo) {
    return "group by ({L}) (last_over_time(" + slo.presentWhen() + "[2m]))";
  }

  private static String total(Indicator indicator) {
    return switch (indicator) {
      case Indicator.Events events -> sum(events.total());
      case Indicator.Time time -> "group by ({L}) (" + time.good() + ")";
    };
  }

  /** No series of bad events is no bad event, as long as there are any. */
  private static String errors(Slo slo) {
    String total = "slo:sli_total:rate5m{slo=\"%s\"}".formatted(slo.label());
    return switch (slo.indicator()) {
      case Indicator.Events events ->
          switch (events.counts()) {
            case BAD -> sum(events.counted()) + "\nor on ({L})\n0 * " + total;
            case GOOD ->
                "clamp_min(\n%s\n- on ({L})\n%s,\n0)".formatted(total, sum(events.counted()));
          };
      case Indicator.Time time -> "1 - avg by ({L}) (avg_over_time(" + time.good() + "[5m]))";
    };
  }

  /** The union of several counters; a label keeps those apart that have all others in common. */
  private static String sum(List<String> selectors) {
    if (selectors.size() == 1) {
      return "sum by ({L}) (\n%s\n)".formatted(rate(selectors.getFirst()));
    }
    return IntStream.range(0, selectors.size())
        .mapToObj(
            i ->
                "label_replace(\n%s,\n\"part\", \"%d\", \"\", \"\")"
                    .formatted(rate(selectors.get(i)), i))
        .collect(Collectors.joining("\nor\n", "sum by ({L}) (\n", "\n)"));
  }

  /** What a counter shows that was not there before happened since then, if it began at zero. */
  private static String rate(String counter) {
    return """
      (%1$s unless %1$s offset 5m) / <5m>
        and on (job, instance) process:counts_from_zero:info
      or
      rate(%1$s[5m])\
    """
        .formatted(counter);
  }
}
