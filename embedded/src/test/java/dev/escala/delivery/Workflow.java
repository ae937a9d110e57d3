package dev.escala.delivery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** One file of {@code .github/workflows}: as text, since comments count, and as a tree. */
record Workflow(String name, String text, JsonNode tree) {
  private static final Path FOLDER = Path.of("..", ".github", "workflows");
  private static final YAMLMapper YAML = new YAMLMapper();

  /** A job with its name. */
  record Job(String name, JsonNode tree) {

    List<JsonNode> steps() {
      List<JsonNode> steps = new ArrayList<>();
      tree.path("steps").forEach(steps::add);
      return steps;
    }

    boolean callsAnother() {
      return tree.has("uses");
    }
  }

  static Workflow parse(String name, String text) {
    return new Workflow(name, text, YAML.readTree(text));
  }

  static List<Workflow> shipped() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      List<Workflow> workflows = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        workflows.add(parse(file.getFileName().toString(), Files.readString(file)));
      }
      return workflows;
    }
  }

  List<Job> jobs() {
    List<Job> jobs = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : tree.path("jobs").properties()) {
      jobs.add(new Job(entry.getKey(), entry.getValue()));
    }
    return jobs;
  }

  /** What starts it; YAML 1.1 readers take the key {@code on} for the boolean. */
  Set<String> triggers() {
    JsonNode on = tree.has("on") ? tree.path("on") : tree.path("true");
    Set<String> triggers = new TreeSet<>();
    on.properties().forEach(entry -> triggers.add(entry.getKey()));
    return triggers;
  }

  boolean onlyCalled() {
    return triggers().equals(Set.of("workflow_call"));
  }
}
