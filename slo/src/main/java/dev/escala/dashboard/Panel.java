package dev.escala.dashboard;

import static dev.escala.dashboard.Json.dataSource;
import static dev.escala.dashboard.Json.object;

import dev.escala.dashboard.Fields.Step;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One question and the expressions that answer it; everything but its place. */
final class Panel {
  /** What every selector starts with; recorded series carry these labels as well. */
  private static final String SELECTED =
      "{env=~\"$env\",tier=~\"$tier\",region=~\"$region\",system=~\"$system\"";

  /** What tells the trace of some of its requests. */
  private static final String TRACED = "http_request_duration_seconds_bucket";

  private final Kind kind;
  private final ObjectNode json = object();
  private final ObjectNode defaults = object();
  private final ArrayNode overrides;
  private final ArrayNode mappings;
  private final ArrayNode targets;
  private final List<Step> steps = new ArrayList<>();
  private Color base = Color.NEUTRAL;
  private final ArrayNode links = Json.texts();
  private ArrayNode linksOfSystem = links;
  private String system = "";
  private int width = 8;
  private int height = 8;

  private Panel(Kind kind, String title, String description) {
    this.kind = kind;
    json.put("type", kind.type()).put("title", title).put("description", oneLine(description));
    json.set("datasource", dataSource());
    ObjectNode fieldConfig = json.putObject("fieldConfig");
    fieldConfig.set("defaults", defaults);
    overrides = fieldConfig.putArray("overrides");
    defaults.put("unit", Unit.COUNT.id()).put("noValue", "no data");
    if (kind == Kind.TIME_SERIES || kind == Kind.BAR_GAUGE) {
      defaults.put("min", 0);
    }
    defaults.set(
        "color", object().put("mode", kind.isInstant() ? "thresholds" : "palette-classic"));
    defaults.set("custom", kind.custom());
    mappings = defaults.putArray("mappings");
    Fields.absence(mappings);
    json.set("options", kind.options());
    targets = json.putArray("targets");
  }

  /**
   * A panel without content.
   *
   * @param description what it means and what to do about it, for who was woken up
   */
  static Panel of(Kind kind, String title, String description) {
    return new Panel(kind, title, description);
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s+", " ");
  }

  /**
   * Adds an expression.
   *
   * @param expression PromQL in which <code>{@</code> opens a selector of what the variables select
   * @param legend with labels in double braces; of a table, the name of its column
   */
  Panel target(String expression, String legend) {
    ObjectNode target = targets.addObject();
    target.set("datasource", dataSource());
    target
        .put("refId", refId(targets.size() - 1))
        .put("expr", selecting(expression))
        .put("legendFormat", legend)
        .put("format", kind.format())
        .put("instant", kind.isInstant())
        .put("range", !kind.isInstant());
    if (kind == Kind.TIME_SERIES && expression.contains(TRACED)) {
      target.put("exemplar", true);
    }
    return this;
  }

  /** With the selector of what the variables select, wherever <code>{@</code> opens one. */
  static String selecting(String expression) {
    return oneLine(expression).replace("{@", SELECTED);
  }

  /** A, B, … in the order of the expressions. */
  static String refId(int index) {
    return Character.toString('A' + index);
  }

  Panel unit(Unit unit) {
    defaults.put("unit", unit.id());
    return this;
  }

  /** The color below the first step; green only where a value proves something good. */
  Panel base(Color color) {
    base = color;
    return this;
  }

  /** The color from this value on; also a line at it, where the panel draws over time. */
  Panel step(double from, Color color) {
    steps.add(new Step(from, color));
    return this;
  }

  /** Values are a status of 0 to 3. */
  Panel status() {
    Fields.status(mappings);
    defaults.set("color", object().put("mode", "thresholds"));
    return unit(Unit.WORD)
        .base(Color.OK)
        .step(1, Color.WARN)
        .step(2, Color.CRITICAL)
        .step(3, Color.UNKNOWN);
  }

  /** Values of several series add up to something. */
  Panel stacked() {
    ObjectNode custom = (ObjectNode) defaults.get("custom");
    custom.put("fillOpacity", 40).set("stacking", object().put("mode", "normal").put("group", "A"));
    return this;
  }

  /** The end of the scale. */
  Panel max(double max) {
    defaults.put("max", max);
    return this;
  }

  /** Values below zero say something. */
  Panel signed() {
    defaults.remove("min");
    return this;
  }

  /** A click on a series leads to the dashboard of its system. */
  Panel linkToSystem() {
    return linkToSystem(links, "${__field.labels.system}");
  }

  /** A click on a cell of this column leads to the dashboard of its system. */
  Panel linkToSystem(String column, String macro) {
    return linkToSystem(property(column, "links").putArray("value"), macro);
  }

  private Panel linkToSystem(ArrayNode where, String macro) {
    linksOfSystem = where;
    system = macro;
    Links.addSystem(where, macro);
    return this;
  }

  /**
   * A click leads to what to do, and to what was said and done by the system that it is about.
   *
   * @param page of the runbooks
   * @param manySystems whether only the panel's own links name one
   */
  void leadOut(Links to, String page, boolean manySystems) {
    to.addRunbook(links, page);
    if (!manySystems) {
      to.addEvidence(links, "${system}");
    } else if (!system.isEmpty()) {
      to.addEvidence(linksOfSystem, system);
    }
  }

  /** In columns of 24, and in rows of 30 pixels. */
  Panel size(int width, int height) {
    this.width = width;
    this.height = height;
    return this;
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  /** Of a column of a table; what it is called before it is renamed, or after. */
  ObjectNode property(String column, String id) {
    ObjectNode override =
        (ObjectNode)
            overrides
                .valueStream()
                .filter(o -> o.at("/matcher/options").asString().equals(column))
                .findFirst()
                .orElseGet(() -> override(column));
    return ((ArrayNode) override.get("properties")).addObject().put("id", id);
  }

  private ObjectNode override(String column) {
    ObjectNode override = overrides.addObject();
    override.set("matcher", object().put("id", "byName").put("options", column));
    override.putArray("properties");
    return override;
  }

  ObjectNode options() {
    return (ObjectNode) json.get("options");
  }

  /** For what only one kind of panel knows. */
  ObjectNode raw() {
    return json;
  }

  /** With its number and its place. */
  ObjectNode json(int id, ObjectNode place) {
    if (kind == Kind.TIME_SERIES && !steps.isEmpty()) {
      ((ObjectNode) defaults.get("custom")).set("thresholdsStyle", object().put("mode", "line"));
    }
    defaults.set("thresholds", Fields.thresholds(base, steps));
    defaults.set("links", links);
    ObjectNode placed = object().put("id", id);
    placed.set("gridPos", place);
    placed.setAll(json);
    return placed;
  }
}
