package dev.escala.slo;

import dev.escala.config.ConfigurationException;
import dev.escala.config.ConfigurationFile;
import dev.escala.config.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the fleet file says of the fleet.
 *
 * @param systems those that there should be
 */
public record Inventory(List<Expected> systems, Destinations destinations) {
  /** What a process may be there for: the label {@code role}. */
  static final List<String> ROLES = List.of("api", "ingest", "all", "prober");

  /** Systems of the fleet are in production; others make tickets at most. */
  private static final String ENVIRONMENT = "prod";

  private static final int MOST_TASKS = 1000;

  /** What the simulated fleet needs beside: which systems there should be is not in it. */
  private static final List<String> OF_THE_SIMULATION = List.of("profiles", "incidents");

  public Inventory {
    systems = List.copyOf(systems);
  }

  /**
   * One system.
   *
   * @param tasks how many of each role
   */
  public record Expected(
      String system, String env, Tier tier, String region, Map<String, Integer> tasks) {
    public Expected {
      tasks = new LinkedHashMap<>(tasks);
    }
  }

  /**
   * Reads a fleet file.
   *
   * @throws ConfigurationException with every error
   */
  public static Inventory read(Path file) throws ConfigurationException, IOException {
    return ConfigurationFile.read(
        file.toString(), Files.readString(file), variable -> null, Inventory::read);
  }

  private static Inventory read(Section root) {
    OF_THE_SIMULATION.forEach(root::has);
    Section byTier = root.section("tasks");
    Map<Tier, Map<String, Integer>> usual = new EnumMap<>(Tier.class);
    for (Tier tier : Tier.values()) {
      usual.put(tier, tasks(byTier.section(tier.label())));
    }
    List<Expected> systems = new ArrayList<>();
    for (Section system : root.list("systems")) {
      systems.add(expected(system, usual));
    }
    return new Inventory(systems, Destinations.read(root.section("links")));
  }

  private static Expected expected(Section system, Map<Tier, Map<String, Integer>> usual) {
    List.of("team", "profile", "version").forEach(system::has);
    Tier tier = system.choice("tier", Tier.STANDARD);
    Map<String, Integer> tasks =
        system.has("tasks") ? tasks(system.section("tasks")) : usual.getOrDefault(tier, Map.of());
    if (tasks.isEmpty()) {
      system.reject("tasks", "must say how many there are of a role, here or for the tier");
    }
    return new Expected(system.text("name"), ENVIRONMENT, tier, system.text("region"), tasks);
  }

  private static Map<String, Integer> tasks(Section section) {
    Map<String, Integer> tasks = new LinkedHashMap<>();
    for (String role : ROLES) {
      if (section.has(role)) {
        tasks.put(role, section.integer(role, 1, 1, MOST_TASKS));
      }
    }
    return tasks;
  }
}
