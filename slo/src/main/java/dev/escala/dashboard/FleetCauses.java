package dev.escala.dashboard;

import static dev.escala.dashboard.Color.CRITICAL;
import static dev.escala.dashboard.Color.WARN;

/** What the bad systems share: a region, a tier, a version. */
final class FleetCauses {
  private FleetCauses() {}

  static Panel[] shares() {
    return new Panel[] {byRegion(), byTier(), byVersion()};
  }

  static Panel[] rollout() {
    return new Panel[] {versions(), mixed()};
  }

  private static Panel share(String title, String label, String description) {
    return Panel.of(Kind.TIME_SERIES, title, description)
        .unit(Unit.RATIO)
        .max(1)
        .step(0.2, CRITICAL)
        .target(
            "sum by (%1$s) (system:status{@} >= bool 2) / count by (%1$s) (system:status{@})"
                .formatted(label),
            "{{" + label + "}}");
  }

  private static Panel byRegion() {
    return share(
        "Bad share by region",
        "region",
        "Share of systems that are critical or unknown. Above a fifth in one region the region is"
            + " the page, and its systems are not.");
  }

  private static Panel byTier() {
    return share(
        "Bad share by tier",
        "tier",
        "Share of systems that are critical or unknown. One tier alone: look at what only it has,"
            + " such as its class of database.");
  }

  private static Panel byVersion() {
    String version = "count by (system, env, tier, region, version) (escala_build_info{@})";
    return Panel.of(
            Kind.TIME_SERIES,
            "Bad share by version",
            "Share of systems that are critical or unknown, by the version that they run. One"
                + " version alone: roll it back. A system that is silent has no version.")
        .unit(Unit.RATIO)
        .max(1)
        .step(0.2, CRITICAL)
        .target(
            ("sum by (version) ((%1$s > bool 0) * on (system, env, tier, region) group_left ()"
                    + " (system:status{@} >= bool 2)) / count by (version) (%1$s)")
                .formatted(version),
            "{{version}}");
  }

  private static Panel versions() {
    return Panel.of(
            Kind.TIME_SERIES,
            "Systems by version",
            "How far a rollout is, and what was left behind.")
        .stacked()
        .target(
            "count by (version) (count by (system, env, tier, region, version)"
                + " (escala_build_info{@}))",
            "{{version}}")
        .size(16, 8);
  }

  private static Panel mixed() {
    return Panel.of(
            Kind.STAT,
            "Systems with more than one version",
            "During a rollout these are the ones under way; hours after it they are stuck.")
        .step(1, WARN)
        .target(
            "count(count by (system, env, tier, region) (count by (system, env, tier, region,"
                + " version) (escala_build_info{@})) > 1) or 0 * count(system:status{@})",
            "mixed")
        .size(8, 8);
  }
}
