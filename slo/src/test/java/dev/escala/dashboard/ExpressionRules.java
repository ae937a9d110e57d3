package dev.escala.dashboard;

import static dev.escala.dashboard.LintRule.ofPanels;

import dev.escala.dashboard.PromQl.Selector;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Rules about expressions. */
final class ExpressionRules {
  private static final String PLAIN_SELECTOR =
      "[\\w:]+\\s*(\\{(?:[^\"}]|\"[^\"]*\")*\\})?\\s*\\[[^\\]]+\\](\\s*@ end\\(\\))?";
  private static final List<String> SELECTED = List.of("env", "tier", "region", "system");
  private static final List<String> OF_COUNTERS = List.of("rate", "irate", "increase");

  /** Metrics that need not be selected by the variables, and why. */
  private static final Map<String, String> UNSELECTED =
      Map.of(
          "slo:objective:ratio", "is the same for all systems of a tier",
          "ALERTS{alertname=\"EscalaWatchdog\",alertstate=\"firing\"}",
              "is about Prometheus itself",
          "scrape_samples_post_metric_relabeling",
              "is of instances, and joined with one that is selected",
          "prometheus_rule_group_last_duration_seconds", "is about Prometheus itself",
          "prometheus_rule_group_interval_seconds", "is about Prometheus itself",
          "prometheus_tsdb_head_series", "is about Prometheus itself");

  static final List<LintRule> ALL =
      List.of(
          ofExpressions("rate interval", ExpressionRules::rateInterval),
          ofExpressions("rate before sum", ExpressionRules::rateBeforeSum),
          ofExpressions("counters", ExpressionRules::counters),
          ofExpressions("quantiles keep le", ExpressionRules::quantiles),
          ofExpressions("selected", ExpressionRules::selected),
          ofExpressions("known metrics", ExpressionRules::known),
          ofPanels("the first of each moment", ExpressionRules::topOverTime));

  private ExpressionRules() {}

  private interface ExpressionCheck {
    void check(Shelf shelf, PromQl expression, Consumer<String> violation);
  }

  private static LintRule ofExpressions(String name, ExpressionCheck check) {
    return ofPanels(
        name,
        (shelf, panel, violation) ->
            Shelf.expressions(panel)
                .forEach(
                    expression ->
                        check.check(
                            shelf,
                            expression,
                            text -> violation.accept(text + ", in " + expression.text()))));
  }

  /** Else a long time range skips samples, and a short one finds none. */
  private static void rateInterval(Shelf shelf, PromQl expression, Consumer<String> violation) {
    expression.windowsOf("i?rate").stream()
        .filter(window -> !window.equals("$__rate_interval"))
        .forEach(window -> violation.accept("a rate over " + window));
  }

  /** A sum of counters falls when a process starts anew, and its rate is nonsense. */
  private static void rateBeforeSum(Shelf shelf, PromQl expression, Consumer<String> violation) {
    OF_COUNTERS.stream()
        .flatMap(function -> expression.argumentsOf(function).stream())
        .filter(argument -> !argument.matches(PLAIN_SELECTOR))
        .forEach(argument -> violation.accept("a rate of more than a metric"));
  }

  private static void counters(Shelf shelf, PromQl expression, Consumer<String> violation) {
    Pattern counter = Pattern.compile(".*_(total|count|sum|bucket)");
    for (String function : OF_COUNTERS) {
      expression.argumentsOf(function).stream()
          .flatMap(argument -> new PromQl(argument).selectors().stream())
          .filter(selector -> !counter.matcher(selector.metric()).matches())
          .forEach(selector -> violation.accept("the rate of a gauge, " + selector.metric()));
    }
  }

  private static void quantiles(Shelf shelf, PromQl expression, Consumer<String> violation) {
    expression.argumentsOf("histogram_quantile").stream()
        .filter(argument -> !argument.matches("[0-9.]+, sum by \\([^)]*\\ble\\) \\(rate\\(.*"))
        .forEach(argument -> violation.accept("a quantile of something else than sum by (…, le)"));
  }

  private static void selected(Shelf shelf, PromQl expression, Consumer<String> violation) {
    for (Selector selector : expression.selectors()) {
      boolean excused =
          UNSELECTED.containsKey(selector.metric())
              || UNSELECTED.containsKey(selector.metric() + selector.matchers());
      SELECTED.stream()
          .filter(
              label -> !excused && !selector.matchers().contains(label + "=~\"$" + label + "\""))
          .forEach(label -> violation.accept(selector.metric() + " ignores the selected " + label));
    }
  }

  /** A label that there is not selects nothing, and "or 0" would hide it. */
  private static void known(Shelf shelf, PromQl expression, Consumer<String> violation) {
    for (Selector selector : expression.selectors()) {
      Set<String> labels = shelf.metrics().get(selector.metric());
      if (labels == null) {
        violation.accept("there is no " + selector.metric());
      } else if (!labels.isEmpty()) {
        selector.labels().stream()
            .filter(label -> !labels.contains(label))
            .forEach(label -> violation.accept(selector.metric() + " has no label " + label));
      }
    }
  }

  /** At each moment others are the first ten: over time they are many more than ten. */
  private static void topOverTime(Shelf shelf, JsonNode panel, Consumer<String> violation) {
    Shelf.expressions(panel).stream()
        .filter(expression -> panel.path("targets").path(0).path("range").asBoolean())
        .filter(expression -> expression.matches("\\b(topk|bottomk)\\b"))
        .filter(expression -> !expression.matches("\\band on [^@]*(topk|bottomk)\\b.*@ end\\(\\)"))
        .forEach(expression -> violation.accept("choose by @ end(): " + expression.text()));
  }
}
