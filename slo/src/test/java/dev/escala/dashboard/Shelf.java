package dev.escala.dashboard;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * Dashboards that belong together, as JSON, and what they are held to.
 *
 * @param metrics every name that may occur in an expression, with its labels where they are known
 * @param steps for expressions that match a pattern, the values at which colors change
 */
record Shelf(
    List<JsonNode> dashboards, Map<String, Set<String>> metrics, Map<String, List<Double>> steps) {

  static Stream<JsonNode> each(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  /** All panels but rows. */
  static List<JsonNode> panels(JsonNode dashboard) {
    return each(dashboard.path("panels"))
        .filter(panel -> !panel.path("type").asString().equals("row"))
        .toList();
  }

  static List<PromQl> expressions(JsonNode panel) {
    return each(panel.path("targets"))
        .map(target -> new PromQl(target.path("expr").asString()))
        .toList();
  }

  /** Which dashboard and panel a violation is about. */
  static String name(JsonNode dashboard, JsonNode panel) {
    return dashboard.path("uid").asString() + " / " + panel.path("title").asString();
  }
}
