package dev.escala.fleet;

import dev.escala.config.Section;
import dev.escala.model.Suggestion;
import dev.escala.ops.SystemLabels;
import dev.escala.slo.Inventory.Expected;
import dev.escala.slo.Tier;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * One system of the fleet.
 *
 * @param team who is called
 * @param version of the product that it runs
 */
record FleetSystem(SystemLabels labels, String team, String version, Profile profile) {
  private static final String ENVIRONMENT = "prod";

  static FleetSystem read(Section section, Map<String, Profile> profiles) {
    var _ = section.has("tasks");
    String profile = section.text("profile");
    if (!profiles.containsKey(profile)) {
      section.reject(
          "profile",
          "names a profile that there is not"
              + Suggestion.nearest(profile, profiles.keySet())
                  .map(near -> "; did you mean " + near + "?")
                  .orElse(""));
    }
    return new FleetSystem(
        new SystemLabels(section.text("name"), ENVIRONMENT, tier(section), section.text("region")),
        section.text("team"),
        section.text("version"),
        profiles.getOrDefault(profile, new Profile(0, 0, Duration.ZERO)));
  }

  private static String tier(Section section) {
    return section.choice("tier", Tier.STANDARD).label();
  }

  String name() {
    return labels.system();
  }

  /** What there should be of it: one process that does everything, and somebody who asks it. */
  Expected expected() {
    return new Expected(
        name(),
        labels.environment(),
        Tier.valueOf(labels.tier().toUpperCase(Locale.ROOT)),
        labels.region(),
        Map.of("all", 1, "prober", 1));
  }

  /** The same again under another name, for a larger fleet. */
  FleetSystem copy(int number) {
    SystemLabels copied =
        new SystemLabels(
            name() + "-" + number, labels.environment(), labels.tier(), labels.region());
    return new FleetSystem(copied, team, version, profile);
  }
}
