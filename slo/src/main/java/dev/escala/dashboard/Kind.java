package dev.escala.dashboard;

import static dev.escala.dashboard.Json.lastValue;
import static dev.escala.dashboard.Json.object;
import static dev.escala.dashboard.Json.texts;

import tools.jackson.databind.node.ObjectNode;

/** The visualisations that the dashboards use, all of Grafana's core, each drawn one way. */
enum Kind {
  STAT("stat", true),
  TABLE("table", true),
  BAR_GAUGE("bargauge", true),
  TIME_SERIES("timeseries", false),
  STATE_TIMELINE("state-timeline", false),
  HEATMAP("heatmap", false);

  private final String type;
  private final boolean instant;

  Kind(String type, boolean instant) {
    this.type = type;
    this.instant = instant;
  }

  String type() {
    return type;
  }

  /** Whether it shows how things stand at the end of the time range, and nothing before. */
  boolean isInstant() {
    return instant;
  }

  /** In which form it wants the answer of Prometheus. */
  String format() {
    return switch (this) {
      case TABLE -> "table";
      case HEATMAP -> "heatmap";
      case STAT, BAR_GAUGE, TIME_SERIES, STATE_TIMELINE -> "time_series";
    };
  }

  ObjectNode options() {
    ObjectNode options = object();
    switch (this) {
      case STAT -> {
        options.put("colorMode", "background").put("graphMode", "none").put("textMode", "auto");
        options.put("justifyMode", "center").put("orientation", "auto");
        options.set("reduceOptions", lastValue());
      }
      case TABLE -> options.put("showHeader", true).put("cellHeight", "sm");
      case BAR_GAUGE -> {
        options.put("displayMode", "basic").put("orientation", "horizontal");
        options.put("showUnfilled", true).put("valueMode", "color");
        options.set("reduceOptions", lastValue());
      }
      case TIME_SERIES -> {
        options.set("legend", legend("table").set("calcs", texts("lastNotNull", "max")));
        options.set("tooltip", object().put("mode", "multi").put("sort", "desc"));
      }
      case STATE_TIMELINE -> {
        options.put("mergeValues", true).put("showValue", "never").put("rowHeight", 0.8);
        options.set("legend", legend("list"));
        options.set("tooltip", object().put("mode", "single").put("sort", "none"));
      }
      case HEATMAP -> {
        options.put("calculate", false).put("cellGap", 1);
        options.set("color", object().put("mode", "scheme").put("scheme", "Blues"));
        options.set("yAxis", object().put("unit", Unit.SECONDS.id()));
        options.set("legend", object().put("show", true));
        options.set("tooltip", object().put("mode", "single").put("yHistogram", false));
      }
    }
    return options;
  }

  private static ObjectNode legend(String mode) {
    return object().put("showLegend", true).put("displayMode", mode).put("placement", "bottom");
  }

  /** How fields are drawn, beyond what every kind knows. */
  ObjectNode custom() {
    return switch (this) {
      case TIME_SERIES ->
          object()
              .put("drawStyle", "line")
              .put("lineWidth", 1)
              .put("fillOpacity", 0)
              .put("showPoints", "never")
              .put("spanNulls", false);
      case STATE_TIMELINE -> object().put("fillOpacity", 80).put("lineWidth", 0);
      case TABLE -> object().put("align", "auto").put("filterable", true);
      case STAT, BAR_GAUGE, HEATMAP -> object();
    };
  }
}
