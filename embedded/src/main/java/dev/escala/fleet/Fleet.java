package dev.escala.fleet;

import dev.escala.config.ConfigurationException;
import dev.escala.config.ConfigurationFile;
import dev.escala.config.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Systems, and what goes wrong in them. */
record Fleet(List<FleetSystem> systems, List<Incident> incidents) {
  Fleet {
    systems = List.copyOf(systems);
    incidents = List.copyOf(incidents);
  }

  /**
   * Reads a fleet file.
   *
   * @throws ConfigurationException with all errors
   */
  static Fleet read(Path file) throws ConfigurationException, IOException {
    return ConfigurationFile.read(
        file.toString(), Files.readString(file), variable -> null, Fleet::read);
  }

  private static Fleet read(Section root) {
    Map<String, Profile> profiles = new LinkedHashMap<>();
    root.sections("profiles").forEach((name, section) -> profiles.put(name, Profile.read(section)));
    // For the dashboards.
    var _ = root.has("links");
    // For the inventory of the monitoring; a simulated system is one process.
    var _ = root.has("tasks");
    Fleet fleet = new Fleet(systems(root, profiles), List.of());
    List<Incident> incidents = new ArrayList<>();
    for (Section section : root.list("incidents")) {
      Incident incident = Incident.read(section);
      incidents.add(incident);
      if (fleet.struckBy(incident).isEmpty()) {
        section.reject("kind", incident + " strikes nothing");
      }
    }
    return fleet.with(incidents);
  }

  private static List<FleetSystem> systems(Section root, Map<String, Profile> profiles) {
    List<FleetSystem> systems = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Section section : root.list("systems")) {
      FleetSystem system = FleetSystem.read(section, profiles);
      systems.add(system);
      if (!names.add(system.name())) {
        section.reject("name", system.name() + " is the name of another one, too");
      }
    }
    if (systems.isEmpty()) {
      root.reject("systems", "names none");
    }
    return systems;
  }

  Fleet with(List<Incident> others) {
    return new Fleet(systems, others);
  }

  /** The same systems so many times; the first ones keep their names. */
  Fleet times(int times) {
    Stream<FleetSystem> copies =
        IntStream.rangeClosed(2, times)
            .boxed()
            .flatMap(number -> systems.stream().map(system -> system.copy(number)));
    return new Fleet(Stream.concat(systems.stream(), copies).toList(), incidents);
  }

  List<FleetSystem> struckBy(Incident incident) {
    return systems.stream().filter(incident::strikes).toList();
  }

  /** What strikes one system. */
  List<Incident> incidentsOf(FleetSystem system) {
    return incidents.stream().filter(incident -> incident.strikes(system)).toList();
  }
}
