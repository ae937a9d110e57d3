package dev.escala.dashboard;

import static dev.escala.dashboard.Json.object;

import dev.escala.dashboard.Fields.Step;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One row a system: a column for each expression, joined on the labels that all series share, and
 * the labels themselves. Sorted by a transformation, since a table cannot sort by what it hides.
 */
final class SystemTable {
  private final Panel panel;
  private final ObjectNode names = object();
  private final ObjectNode hidden = object().put("Time", true);
  private final ArrayNode order = JsonNodeFactory.instance.arrayNode();
  private int columns;

  SystemTable(Panel panel) {
    this.panel = panel.linkToSystem("system", "${__data.fields.system}");
  }

  /** How a column shows its values. */
  record Style(Unit unit, Color base, List<Step> steps) {
    /** A number that is neither good nor bad. */
    static Style plain(Unit unit) {
      return new Style(unit, Color.NEUTRAL, List.of());
    }
  }

  SystemTable column(String name, String expression, Style style) {
    add(name, expression);
    panel.property(name, "unit").put("value", style.unit().id());
    if (!style.steps().isEmpty()) {
      panel
          .property(name, "thresholds")
          .set("value", Fields.thresholds(style.base(), style.steps()));
      panel.property(name, "custom.cellOptions").set("value", object().put("type", "color-text"));
    }
    return this;
  }

  /** A status of 0 to 3, as a word on its color. */
  SystemTable status(String name, String expression) {
    add(name, expression);
    ArrayNode mappings = panel.property(name, "mappings").putArray("value");
    Fields.absence(mappings);
    Fields.status(mappings);
    panel
        .property(name, "custom.cellOptions")
        .set("value", object().put("type", "color-background").put("mode", "basic"));
    return this;
  }

  /** A label that only the series of this expression have; their values are not shown. */
  SystemTable label(String name, String expression) {
    panel.target(expression, name);
    hidden.put(field(columns++), true);
    return this;
  }

  /** The rows with the greatest values of this expression come first; it is not shown. */
  Panel sortedBy(String expression) {
    order.addObject().put("field", field(columns)).put("desc", true);
    label("rank", expression);
    return finish();
  }

  private void add(String name, String expression) {
    panel.target(expression, name);
    names.put(field(columns++), name);
  }

  /** What Grafana calls the values of an expression. */
  private static String field(int index) {
    return "Value #" + Panel.refId(index);
  }

  private Panel finish() {
    ArrayNode transformations = panel.raw().putArray("transformations");
    transformations.addObject().put("id", "merge").set("options", object());
    ObjectNode sort = object();
    sort.putObject("fields");
    sort.set("sort", order);
    transformations.addObject().put("id", "sortBy").set("options", sort);
    ObjectNode organize = object();
    organize.set("excludeByName", hidden);
    organize.set("renameByName", names);
    transformations.addObject().put("id", "organize").set("options", organize);
    return panel;
  }
}
