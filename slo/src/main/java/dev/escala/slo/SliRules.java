package dev.escala.slo;

import dev.escala.slo.Rule.Recording;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Counts bad events and all events of each SLO, apart, so that time without traffic is neither good
 * nor bad but nothing.
 */
final class SliRules {
  /** What pages within minutes is taken from the counters; longer windows from what is recorded. */
  private static final List<String> WINDOWS = List.of("5m", "30m", "1h");

  private final Presentation presentation;
  private final Expressions expressions;

  SliRules(Presentation presentation) {
    this.presentation = presentation;
    this.expressions = new Expressions(presentation.timescale());
  }

  List<RuleGroup> groups(SloBook book) {
    List<RuleGroup> groups = new ArrayList<>();
    groups.add(objectives(book));
    for (Slo slo : book.slos()) {
      List<Rule> rules = new ArrayList<>();
      for (String window : WINDOWS) {
        rules.add(recorded(slo, "slo:sli_total:rate" + window, total(slo, window)));
        rules.add(recorded(slo, "slo:sli_errors:rate" + window, errors(slo, window)));
      }
      groups.add(group("escala-sli-" + slo.name(), presentation.timescale().scrape(), rules));
    }
    return groups;
  }

  private RuleGroup objectives(SloBook book) {
    List<Rule> rules = new ArrayList<>();
    for (Slo slo : book.slos()) {
      slo.objectives()
          .forEach(
              (tier, target) -> {
                Map<String, String> labels = new LinkedHashMap<>();
                labels.put("slo", slo.label());
                labels.put("tier", tier.label());
                rules.add(
                    new Recording(
                        "slo:objective:ratio", "vector(" + target.toPlainString() + ")", labels));
              });
      rules.add(recorded(slo, "slo:minimum_errors:count", "vector(" + slo.minimumErrors() + ")"));
    }
    return group("escala-objectives", Duration.ofMinutes(1), rules);
  }

  private RuleGroup group(String name, Duration interval, List<Rule> rules) {
    return new RuleGroup(name, presentation.timescale().wait(interval), rules);
  }

  private Recording recorded(Slo slo, String name, String expression) {
    return new Recording(name, expressions.of(expression), Map.of("slo", slo.label()));
  }

  private static String total(Slo slo, String window) {
    return sum(slo.indicator().total(), window);
  }

  /** No series of bad events is no bad event, as long as there are any. */
  private static String errors(Slo slo, String window) {
    String counted = sum(slo.indicator().counted(), window);
    String total = "slo:sli_total:rate%s{slo=\"%s\"}".formatted(window, slo.label());
    return switch (slo.indicator().counts()) {
      case BAD -> counted + "\nor on ({L})\n0 * " + total;
      case GOOD -> "clamp_min(\n%s\n- on ({L})\n%s,\n0)".formatted(total, counted);
    };
  }

  /** The union of several counters; a label keeps those apart that have all others in common. */
  private static String sum(List<String> selectors, String window) {
    if (selectors.size() == 1) {
      return "sum by ({L}) (rate(%s[%s]))".formatted(selectors.getFirst(), window);
    }
    return IntStream.range(0, selectors.size())
        .mapToObj(
            i ->
                "  label_replace(rate(%s[%s]), \"part\", \"%d\", \"\", \"\")"
                    .formatted(selectors.get(i), window, i))
        .collect(Collectors.joining("\n  or\n", "sum by ({L}) (\n", "\n)"));
  }
}
