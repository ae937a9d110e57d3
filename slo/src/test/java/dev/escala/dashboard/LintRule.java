package dev.escala.dashboard;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** What all dashboards must keep to, and how it is found that one does not. */
record LintRule(String name, BiConsumer<Shelf, Consumer<String>> check) {

  /** A rule that looks at one panel at a time. */
  interface PanelCheck {
    void check(Shelf shelf, JsonNode panel, Consumer<String> violation);
  }

  static LintRule ofPanels(String name, PanelCheck check) {
    return new LintRule(
        name,
        (shelf, violation) ->
            shelf
                .dashboards()
                .forEach(
                    dashboard ->
                        Shelf.panels(dashboard)
                            .forEach(
                                panel ->
                                    check.check(
                                        shelf,
                                        panel,
                                        text ->
                                            violation.accept(
                                                Shelf.name(dashboard, panel) + ": " + text)))));
  }

  /** One sentence for each violation, beginning with the name of the rule. */
  static List<String> violations(List<LintRule> rules, Shelf shelf) {
    List<String> found = new ArrayList<>();
    for (LintRule rule : rules) {
      rule.check().accept(shelf, text -> found.add(rule.name() + ": " + text));
    }
    return found;
  }
}
