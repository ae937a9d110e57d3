package dev.escala.slo;

import dev.escala.slo.Rule.Alert;
import dev.escala.slo.Rule.Recording;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes groups of rules as Prometheus reads them. */
final class RuleFile {
  private static final String HEAD =
      "# Made by `escala slo generate` from ops/slo; edit those files, or the generator.\n";

  private RuleFile() {}

  static Artifact of(String name, List<RuleGroup> groups) {
    Map<String, Object> file = Map.of("groups", groups.stream().map(RuleFile::group).toList());
    return new Artifact("prometheus/rules/" + name + ".yml", HEAD + ReadableYaml.of(file));
  }

  /** No limit on the results of a group: one that is exceeded would clear all its alerts. */
  private static Map<String, Object> group(RuleGroup group) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", group.name());
    fields.put("interval", Timescale.text(group.interval()));
    fields.put("rules", group.rules().stream().map(RuleFile::rule).toList());
    return fields;
  }

  private static Map<String, Object> rule(Rule rule) {
    return switch (rule) {
      case Recording recording -> recording(recording);
      case Alert alert -> alert(alert);
    };
  }

  private static Map<String, Object> recording(Recording recording) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("record", recording.name());
    fields.put("expr", recording.expression().strip());
    putTexts(fields, "labels", recording.labels());
    return fields;
  }

  private static Map<String, Object> alert(Alert alert) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("alert", alert.name());
    fields.put("expr", alert.expression().strip());
    putDuration(fields, "for", alert.hold());
    putDuration(fields, "keep_firing_for", alert.linger());
    putTexts(fields, "labels", alert.labels());
    putTexts(fields, "annotations", alert.annotations());
    return fields;
  }

  private static void putDuration(Map<String, Object> fields, String key, Duration duration) {
    if (!duration.isZero()) {
      fields.put(key, Timescale.text(duration));
    }
  }

  private static void putTexts(Map<String, Object> fields, String key, Map<String, String> texts) {
    if (!texts.isEmpty()) {
      fields.put(key, texts);
    }
  }
}
