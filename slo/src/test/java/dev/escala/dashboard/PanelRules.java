package dev.escala.dashboard;

import static dev.escala.dashboard.LintRule.ofPanels;
import static dev.escala.dashboard.Shelf.each;

import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Rules about panels: what they say, where they ask, how they look. */
final class PanelRules {
  private static final int SHORTEST_DESCRIPTION = 20;
  private static final Pattern COLORED_TARGETS =
      Pattern.compile("stat|bargauge|table|state-timeline");

  static final List<LintRule> ALL =
      List.of(
          ofPanels("title", PanelRules::title),
          ofPanels("description", PanelRules::description),
          ofPanels("unit", PanelRules::unit),
          ofPanels("targets", PanelRules::targets),
          ofPanels("legend", PanelRules::legend),
          ofPanels("data source", PanelRules::dataSource),
          ofPanels("no data is grey", PanelRules::absence),
          ofPanels("steps", PanelRules::steps));

  private PanelRules() {}

  static boolean isTemplated(JsonNode node) {
    return node.path("datasource").path("uid").asString("").equals("${datasource}");
  }

  private static void title(Shelf shelf, JsonNode panel, Consumer<String> violation) {
    if (panel.path("title").asString("").isBlank()) {
      violation.accept("has none");
    }
  }

  private static void description(Shelf shelf, JsonNode panel, Consumer<String> violation) {
    String description = panel.path("description").asString("");
    if (description.length() < SHORTEST_DESCRIPTION || !description.endsWith(".")) {
      violation.accept("must be a sentence: " + description);
    }
  }

  private static void unit(Shelf shelf, JsonNode panel, Consumer<String> violation) {
    if (panel.path("fieldConfig").path("defaults").path("unit").asString("").isBlank()) {
      violation.accept("has none");
    }
  }

  private static void targets(Shelf shelf, JsonNode panel, Consumer<String> violation) {
    if (panel.path("targets").isEmpty()) {
      violation.accept("has none");
    }
  }

  private static void legend(Shelf shelf, JsonNode panel, Consumer<String> violation) {
    each(panel.path("targets"))
        .filter(target -> target.path("legendFormat").asString("").isBlank())
        .forEach(target -> violation.accept(target.path("expr").asString() + " has none"));
  }

  private static void dataSource(Shelf shelf, JsonNode panel, Consumer<String> violation) {
    if (!isTemplated(panel) || !each(panel.path("targets")).allMatch(PanelRules::isTemplated)) {
      violation.accept("does not take the selected one");
    }
  }

  /** What is not there is grey, says so, and is never made into a zero that nobody measured. */
  private static void absence(Shelf shelf, JsonNode panel, Consumer<String> violation) {
    JsonNode defaults = panel.path("fieldConfig").path("defaults");
    if (!defaults.path("noValue").asString("").equals("no data")) {
      violation.accept("shows nothing where there is nothing");
    }
    if (COLORED_TARGETS.matcher(panel.path("type").asString()).matches()
        && each(defaults.path("mappings")).noneMatch(PanelRules::isGreyAbsence)) {
      violation.accept("does not map null and NaN to grey");
    }
    Shelf.expressions(panel).stream()
        .filter(expression -> expression.matches("\\b(vector|absent)\\s*\\("))
        .forEach(e -> violation.accept("makes a number out of nothing: " + e.text()));
  }

  private static boolean isGreyAbsence(JsonNode mapping) {
    JsonNode options = mapping.path("options");
    return options.path("match").asString("").equals("null+nan")
        && options.path("result").path("color").asString("").equals(Color.NO_DATA.id());
  }

  /** Colors change where the SLO files say so. */
  private static void steps(Shelf shelf, JsonNode panel, Consumer<String> violation) {
    List<Double> drawn =
        each(panel.path("fieldConfig").path("defaults").path("thresholds").path("steps"))
            .map(step -> step.path("value"))
            .filter(JsonNode::isNumber)
            .map(JsonNode::asDouble)
            .toList();
    Shelf.expressions(panel).stream()
        .limit(drawn.isEmpty() ? 0 : 1)
        .forEach(
            expression ->
                shelf
                    .steps()
                    .forEach(
                        (pattern, promised) -> {
                          if (expression.matches(pattern) && !drawn.equals(promised)) {
                            violation.accept("at " + drawn + ", but the SLO files say " + promised);
                          }
                        }));
  }
}
