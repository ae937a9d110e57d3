package dev.escala.dashboard;

import static dev.escala.dashboard.Json.object;

import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Colors and words of values: of a whole panel, or of one column of a table. */
final class Fields {

  /** From this value on, this color. */
  record Step(double from, Color color) {}

  private Fields() {}

  /** Steps over a color for everything below the first. */
  static ObjectNode thresholds(Color base, List<Step> steps) {
    ObjectNode thresholds = object().put("mode", "absolute");
    ArrayNode array = thresholds.putArray("steps");
    array.addObject().put("color", base.id()).putNull("value");
    for (Step step : steps) {
      array.addObject().put("color", step.color().id()).put("value", step.from());
    }
    return thresholds;
  }

  /** What is not there is grey and says so, whatever the color of the first step. */
  static void absence(ArrayNode mappings) {
    ObjectNode options = object().put("match", "null+nan");
    options.set("result", word("no data", Color.NO_DATA));
    mappings.addObject().put("type", "special").set("options", options);
  }

  /** The four states, as words in their colors. */
  static void status(ArrayNode mappings) {
    ObjectNode options = object();
    options.set("0", word("ok", Color.OK));
    options.set("1", word("warn", Color.WARN));
    options.set("2", word("critical", Color.CRITICAL));
    options.set("3", word("unknown", Color.UNKNOWN));
    mappings.addObject().put("type", "value").set("options", options);
  }

  private static ObjectNode word(String text, Color color) {
    return object().put("text", text).put("color", color.id());
  }
}
