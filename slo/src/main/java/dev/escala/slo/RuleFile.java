package dev.escala.slo;

import dev.escala.slo.Rule.Alert;
import dev.escala.slo.Rule.Recording;
import java.util.List;
import java.util.Map;

/** Writes groups of rules as Prometheus reads them. */
final class RuleFile {
  /** No limit on the results of a group: one that is exceeded would clear all its alerts. */
  private static final String HEAD =
      "# Made by `escala slo generate` from ops/slo; edit those files, or the generator.\n"
          + "groups:\n";

  private final StringBuilder yaml = new StringBuilder(HEAD);

  private RuleFile() {}

  static Artifact of(String name, List<RuleGroup> groups) {
    RuleFile file = new RuleFile();
    groups.forEach(file::group);
    return new Artifact("prometheus/rules/" + name + ".yml", file.yaml.toString());
  }

  private void group(RuleGroup group) {
    line("  - name: " + group.name());
    line("    interval: " + Timescale.text(group.interval()));
    line("    rules:");
    group.rules().forEach(this::rule);
  }

  private void rule(Rule rule) {
    switch (rule) {
      case Recording recording -> {
        line("      - record: " + recording.name());
        expression(recording.expression());
        texts("labels", recording.labels());
      }
      case Alert alert -> {
        line("      - alert: " + alert.name());
        expression(alert.expression());
        if (!alert.hold().isZero()) {
          line("        for: " + Timescale.text(alert.hold()));
        }
        if (!alert.linger().isZero()) {
          line("        keep_firing_for: " + Timescale.text(alert.linger()));
        }
        texts("labels", alert.labels());
        texts("annotations", alert.annotations());
      }
    }
  }

  private void expression(String expression) {
    line("        expr: |-");
    expression.strip().lines().forEach(line -> line("          " + line));
  }

  private void texts(String key, Map<String, String> texts) {
    if (!texts.isEmpty()) {
      line("        " + key + ":");
      texts.forEach((name, text) -> line("          " + name + ": " + quoted(text)));
    }
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }

  private void line(String line) {
    yaml.append(line).append('\n');
  }
}
