package dev.escala.slo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Says for each system how many tasks of each role there should be, so that one that never came up
 * is missed as well. The only file that names systems.
 */
public record InventoryRules(Inventory inventory) implements ArtifactGenerator {
  private static final String HEAD =
      "# Made by `escala slo generate` of the fleet file; edit that one.\n";

  @Override
  public List<Artifact> artifacts(SloBook book, Presentation presentation) {
    return List.of(
        new Artifact("prometheus/inventory.yml", text(inventory, presentation.timescale())));
  }

  /** The file. */
  public static String text(Inventory inventory, Timescale timescale) {
    List<Map<String, Object>> rules = new ArrayList<>();
    inventory.systems().forEach(system -> rules.add(rule(system)));
    Map<String, Object> group = new LinkedHashMap<>();
    group.put("name", "escala-inventory");
    group.put("interval", Timescale.text(timescale.wait(Duration.ofMinutes(1))));
    group.put("rules", rules);
    return HEAD + ReadableYaml.of(Map.of("groups", List.of(group)));
  }

  private static Map<String, Object> rule(Inventory.Expected system) {
    Map<String, Object> labels = new LinkedHashMap<>();
    labels.put("system", system.system());
    labels.put("env", system.env());
    labels.put("tier", system.tier().label());
    labels.put("region", system.region());
    Map<String, Object> rule = new LinkedHashMap<>();
    rule.put("record", "system:expected_tasks:count");
    rule.put(
        "expr",
        system.tasks().entrySet().stream()
            .map(
                role ->
                    "label_replace(vector(%d), \"role\", \"%s\", \"\", \"\")"
                        .formatted(role.getValue(), role.getKey()))
            .collect(Collectors.joining("\nor\n")));
    rule.put("labels", labels);
    return rule;
  }
}
