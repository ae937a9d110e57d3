package dev.escala.dashboard;

import static dev.escala.dashboard.Json.object;

import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What fires now: the pages first, and of each what to do about it. */
final class AlertTable {
  /** As many as can be read. */
  private static final int MOST = 50;

  private static final double MILLISECONDS = 1000;

  private AlertTable() {}

  static Panel of(Links links) {
    Panel panel =
        Panel.of(
                Kind.TABLE,
                "Alerts that fire",
                "The %d newest, pages first. The runbook says what to do; the name of the system opens it."
                    .formatted(MOST))
            .unit(Unit.SINCE)
            .size(24, 8)
            .target(
                """
                topk(%d, %.0f * label_replace(
                ALERTS_FOR_STATE{@,alertname=~"Escala.+",severity=~"critical|warning"},
                "runbook", "$1", "alertname", "(.+)")
                and ignoring (alertstate, runbook) ALERTS{@,alertstate="firing"})
                """
                    .formatted(MOST, MILLISECONDS),
                "since");
    panel.linkToSystem("system", "${__data.fields.system}");
    ArrayNode pages = panel.property("runbook", "mappings").putArray("value");
    ObjectNode texts = object();
    for (Map.Entry<String, String> runbook : links.runbooks().entrySet()) {
      texts.set(runbook.getKey(), object().put("text", runbook.getValue()));
    }
    pages.addObject().put("type", "value").set("options", texts);
    links.addRunbook(panel.property("runbook", "links").putArray("value"), "${__value.text}");
    return sorted(panel);
  }

  private static Panel sorted(Panel panel) {
    ArrayNode transformations = panel.raw().putArray("transformations");
    ArrayNode order = object().putArray("sort");
    order.addObject().put("field", "severity").put("desc", false);
    ObjectNode sort = object();
    sort.putObject("fields");
    transformations.addObject().put("id", "sortBy").set("options", sort.set("sort", order));
    ObjectNode shown = object();
    int place = 0;
    for (String column :
        new String[] {"severity", "alertname", "system", "region", "Value", "runbook"}) {
      shown.put(column, place++);
    }
    ObjectNode organize = object();
    organize.set("indexByName", shown);
    organize.set("excludeByName", object().put("Time", true));
    organize.set("renameByName", object().put("Value", "since").put("alertname", "alert"));
    transformations.addObject().put("id", "organize").set("options", organize);
    return panel;
  }
}
