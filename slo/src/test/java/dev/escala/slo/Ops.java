package dev.escala.slo;

import dev.escala.testing.MetricNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What is committed under {@code ops/}. */
final class Ops {
  static final Path FOLDER = Path.of("../ops");
  static final Path RULES = FOLDER.resolve("prometheus/rules");
  static final Path TESTS = FOLDER.resolve("prometheus/tests");

  private static final YAMLMapper YAML = new YAMLMapper();

  private Ops() {}

  /** A rule as Prometheus will read it. */
  record CommittedRule(String name, boolean alert, JsonNode node) {
    String expression() {
      return node.get("expr").asString();
    }

    String label(String label) {
      return node.path("labels").path(label).asString("");
    }

    String annotation(String annotation) {
      return node.path("annotations").path(annotation).asString("");
    }
  }

  /** What processes export, and what the inventory says, each with its labels. */
  static Map<String, Set<String>> series() {
    Map<String, Set<String>> series = RuleLint.series(MetricNames.listed());
    series.put("system:expected_tasks:count", Set.of("system", "env", "tier", "region", "role"));
    return series;
  }

  static List<Path> files(Path folder, String ending) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  static JsonNode yaml(Path file) {
    return YAML.readTree(text(file));
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  static List<CommittedRule> rules() {
    return files(RULES, ".yml").stream()
        .flatMap(file -> yaml(file).get("groups").valueStream())
        .flatMap(group -> group.get("rules").valueStream())
        .map(Ops::rule)
        .toList();
  }

  static CommittedRule rule(JsonNode node) {
    boolean alert = node.has("alert");
    return new CommittedRule(node.get(alert ? "alert" : "record").asString(), alert, node);
  }

  static List<CommittedRule> alerts() {
    return rules().stream().filter(CommittedRule::alert).toList();
  }
}
