package dev.escala.dashboard;

import static dev.escala.dashboard.Json.dataSource;
import static dev.escala.dashboard.Json.object;
import static dev.escala.dashboard.Json.texts;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What can be selected: the same on every dashboard, so that links carry it along. */
final class Variables {
  /** Also what lacks the label, such as an alert about a region. */
  private static final String ALL = ".*";

  private static final int ON_TIME_RANGE_CHANGE = 2;
  private static final int ALPHABETICAL = 1;

  private Variables() {}

  /** Each selects among what the ones before it leave; the system is one, or any number. */
  static ArrayNode of(boolean manySystems) {
    ArrayNode variables = texts();
    variables.add(dataSourceVariable());
    variables.add(query("env", "Environment", "", true));
    variables.add(query("tier", "Tier", "{env=~\"$env\"}", true));
    variables.add(query("region", "Region", "{env=~\"$env\",tier=~\"$tier\"}", true));
    variables.add(
        query(
            "system",
            "System",
            "{env=~\"$env\",tier=~\"$tier\",region=~\"$region\"}",
            manySystems));
    return variables;
  }

  private static ObjectNode dataSourceVariable() {
    ObjectNode variable =
        object()
            .put("type", "datasource")
            .put("name", "datasource")
            .put("label", "Data source")
            .put("query", "prometheus")
            .put("regex", "")
            .put("refresh", 1)
            .put("hide", 0)
            .put("includeAll", false)
            .put("multi", false);
    variable.set(
        "current",
        object()
            .put("selected", true)
            .put("text", Provisioning.NAME)
            .put("value", Provisioning.UID));
    variable.putArray("options");
    return variable;
  }

  /** Systems are those that the rules know, so that a silent one can still be chosen. */
  private static ObjectNode query(String name, String label, String selector, boolean many) {
    String query = "label_values(system:status%s, %s)".formatted(selector, name);
    ObjectNode variable =
        object()
            .put("type", "query")
            .put("name", name)
            .put("label", label)
            .put("definition", query)
            .put("regex", "")
            .put("refresh", ON_TIME_RANGE_CHANGE)
            .put("sort", ALPHABETICAL)
            .put("hide", 0)
            .put("includeAll", many)
            .put("multi", many);
    variable.set("datasource", dataSource());
    variable.set("query", object().put("query", query).put("refId", "variable-" + name));
    variable.putArray("options");
    if (many) {
      variable.put("allValue", ALL);
      ObjectNode current = object().put("selected", true);
      current.set("text", texts("All"));
      variable.set("current", current.set("value", texts("$__all")));
    }
    return variable;
  }
}
