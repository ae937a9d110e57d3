package dev.escala.dashboard;

import static dev.escala.dashboard.Json.dataSource;
import static dev.escala.dashboard.Json.object;
import static dev.escala.dashboard.Json.texts;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A dashboard in Grafana's classic model, which every Grafana from 10 on provisions. */
final class Dashboard {
  private static final int SCHEMA_VERSION = 39;
  private static final int COLUMNS = 24;

  private final Uid uid;
  private final String description;
  private final Links links;
  private final List<ObjectNode> panels = new ArrayList<>();
  private int bottom;

  /** A dashboard without panels. */
  Dashboard(Uid uid, String description, Links links) {
    this.uid = uid;
    this.description = description;
    this.links = links;
  }

  /**
   * A title, and below it these panels, from left to right and from top to bottom.
   *
   * @param runbook the page that says what to do about what they show
   */
  Dashboard row(String title, String runbook, Panel... content) {
    ObjectNode row = object().put("id", panels.size() + 1).put("type", "row").put("title", title);
    row.put("collapsed", false).set("gridPos", place(0, bottom, COLUMNS, 1));
    row.putArray("panels");
    panels.add(row);
    bottom++;
    int x = 0;
    int lineHeight = 0;
    for (Panel panel : content) {
      if (x + panel.width() > COLUMNS) {
        bottom += lineHeight;
        x = 0;
        lineHeight = 0;
      }
      panel.leadOut(links, runbook, uid.isOfManySystems());
      panels.add(panel.json(panels.size() + 1, place(x, bottom, panel.width(), panel.height())));
      x += panel.width();
      lineHeight = Math.max(lineHeight, panel.height());
    }
    bottom += lineHeight;
    return this;
  }

  private static ObjectNode place(int x, int y, int width, int height) {
    return object().put("h", height).put("w", width).put("x", x).put("y", y);
  }

  Uid uid() {
    return uid;
  }

  ObjectNode json() {
    ObjectNode json =
        object()
            .put("uid", uid.text())
            .put("title", "Escala: " + uid.title())
            .put("description", description)
            .put("schemaVersion", SCHEMA_VERSION)
            .put("version", 1)
            .put("editable", false)
            .put("graphTooltip", 1)
            .put("liveNow", false)
            .put("refresh", "30s")
            .put("timezone", "utc");
    json.set("tags", texts("escala"));
    json.set("time", object().put("from", "now-6h").put("to", "now"));
    json.putObject("timepicker");
    json.set("links", Links.toAllBut(uid));
    json.set("templating", object().set("list", Variables.of(uid.isOfManySystems())));
    json.set("annotations", object().set("list", annotations()));
    json.putArray("panels").addAll(panels);
    return json;
  }

  /** When something began that pages, and when a process started: what changed before it broke. */
  private static ArrayNode annotations() {
    ArrayNode annotations = texts();
    annotations.add(
        annotation(
            "Pages",
            Color.CRITICAL,
            "count by (alertname, system) (ALERTS{@,alertname=~\"Escala.+\",alertstate=\"firing\","
                + "severity=\"critical\"})",
            "{{alertname}} {{system}}"));
    annotations.add(
        annotation(
            "New versions",
            Color.NEUTRAL,
            "count by (system, version) (escala_build_info{@}) unless"
                + " count by (system, version) (escala_build_info{@} offset 5m)",
            "{{system}} runs {{version}}"));
    return annotations;
  }

  private static ObjectNode annotation(
      String name, Color color, String expression, String titleFormat) {
    ObjectNode annotation =
        object()
            .put("name", name)
            .put("enable", true)
            .put("iconColor", color.id())
            .put("expr", Panel.selecting(expression))
            .put("titleFormat", titleFormat)
            .put("step", "60s");
    annotation.set("datasource", dataSource());
    return annotation;
  }
}
