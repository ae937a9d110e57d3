package dev.escala.ops;

import dev.escala.config.Section;
import io.prometheus.metrics.model.snapshots.Labels;

/** The section {@code system}: the labels that every metric of this process carries. */
public record SystemLabels(String system, String environment, String tier, String region) {

  public static SystemLabels read(Section section) {
    return new SystemLabels(
        section.text("name", "escala"),
        section.text("env", "local"),
        section.text("tier", "standard"),
        section.text("region", "local"));
  }

  Labels asLabels() {
    return Labels.of("system", system, "env", environment, "tier", tier, "region", region);
  }
}
