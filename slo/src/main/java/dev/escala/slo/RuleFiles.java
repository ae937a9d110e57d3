package dev.escala.slo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** All rules of Prometheus; how many does not depend on the number of systems. */
public final class RuleFiles implements ArtifactGenerator {
  private static final String HEAD =
      "# Made by `escala slo generate` from ops/slo; edit those files, or the generator.\n";

  private static final List<String> TEMPLATES =
      List.of("burn", "status", "alerts-vitals", "alerts-topics", "alerts-budgets", "alerts-fleet");

  @Override
  public List<Artifact> artifacts(SloBook book, Presentation presentation) {
    Templates templates = new Templates(book, presentation);
    List<Artifact> files = new ArrayList<>();
    files.add(file("indicators", Map.of("groups", new SliRules(presentation).groups(book))));
    TEMPLATES.forEach(name -> files.add(file(name, templates.rules(name))));
    return files;
  }

  /** Where to read what to do, below {@code docs/runbooks/}, by alert. */
  public static Map<String, String> runbooks(SloBook book) {
    Templates templates = new Templates(book, Presentation.COMMITTED);
    Map<String, String> runbooks = new TreeMap<>();
    for (String name : TEMPLATES) {
      for (JsonNode rule : templates.rules(name).findParents("alert")) {
        String page = rule.at("/annotations/runbook_url").asString();
        runbooks.put(rule.get("alert").asString(), page.replaceFirst("^docs/runbooks/", ""));
      }
    }
    return runbooks;
  }

  /** No limit on the results of a group: one that is exceeded would clear all its alerts. */
  private static Artifact file(String name, Object rules) {
    return new Artifact("prometheus/rules/" + name + ".yml", HEAD + ReadableYaml.of(rules));
  }
}
