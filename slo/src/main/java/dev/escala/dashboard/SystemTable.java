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
  private static final String SYSTEM = "system";

  private final Panel panel;
  private final ObjectNode names = object();
  private final ObjectNode hidden = object().put("Time", true);
  private final ArrayNode order = JsonNodeFactory.instance.arrayNode();
  private int columns;

  SystemTable(Panel panel) {
    this.panel = panel;
    ObjectNode system = override(SYSTEM);
    property(system, "links").set("value", Links.toSystem("${__data.fields.system}"));
  }

  /** How a column shows its values. */
  record Style(Unit unit, Color base, List<Step> steps) {
    /** A number that is neither good nor bad. */
    static Style plain(Unit unit) {
      return new Style(unit, Color.NEUTRAL, List.of());
    }
  }

  SystemTable column(String name, String expression, Style style) {
    ObjectNode column = add(name, expression);
    property(column, "unit").put("value", style.unit().id());
    if (!style.steps().isEmpty()) {
      property(column, "thresholds").set("value", Fields.thresholds(style.base(), style.steps()));
      property(column, "custom.cellOptions").set("value", object().put("type", "color-text"));
    }
    return this;
  }

  /** A status of 0 to 3, as a word on its color. */
  SystemTable status(String name, String expression) {
    ObjectNode column = add(name, expression);
    ArrayNode mappings = property(column, "mappings").putArray("value");
    Fields.absence(mappings);
    Fields.status(mappings);
    property(column, "custom.cellOptions")
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

  private ObjectNode add(String name, String expression) {
    panel.target(expression, name);
    names.put(field(columns++), name);
    return override(name);
  }

  /** What Grafana calls the values of an expression. */
  private static String field(int index) {
    return "Value #" + Panel.refId(index);
  }

  private ObjectNode override(String name) {
    ObjectNode override = panel.overrides().addObject();
    override.set("matcher", object().put("id", "byName").put("options", name));
    override.putArray("properties");
    return override;
  }

  private static ObjectNode property(ObjectNode override, String id) {
    return ((ArrayNode) override.get("properties")).addObject().put("id", id);
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
