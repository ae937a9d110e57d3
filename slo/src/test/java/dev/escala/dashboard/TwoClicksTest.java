package dev.escala.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * From a page to its cause: the first click is the dashboard of the alert, the second one the
 * runbook of the alert, or the log lines and traces of the system that it is about.
 */
class TwoClicksTest {
  private static final Pattern FIRST = Pattern.compile("^d/(escala-\\w+)(\\?var-system=)?");

  private static List<JsonNode> alerts() {
    List<JsonNode> alerts = new ArrayList<>();
    Committed.files(Path.of("prometheus/rules")).values().stream()
        .map(file -> new YAMLMapper().readTree(file))
        .forEach(file -> alerts.addAll(file.findParents("alert")));
    return alerts;
  }

  private static List<String> stuck(List<JsonNode> dashboards) {
    List<String> stuck = new ArrayList<>();
    for (JsonNode alert : alerts()) {
      Matcher first = FIRST.matcher(alert.at("/annotations/dashboard_url").asString());
      assertThat(first.find()).as(alert.toString()).isTrue();
      String links =
          dashboards.stream()
              .filter(dashboard -> dashboard.path("uid").asString().equals(first.group(1)))
              .flatMap(dashboard -> dashboard.findValues("url").stream())
              .map(JsonNode::asString)
              .collect(Collectors.joining("\n"));
      String page = alert.at("/annotations/runbook_url").asString().replaceFirst("#.*", "");
      boolean told = links.contains(page) || links.contains("docs/runbooks/${__value.text}");
      boolean ofSystem = first.group(2) != null;
      boolean shown = links.contains("https://logs.") && links.contains("https://traces.");
      if (!told || (ofSystem && !shown)) {
        stuck.add(alert.path("alert").asString());
      }
    }
    return stuck;
  }

  @Test
  void eachAlertLeadsThere() {
    assertThat(alerts()).hasSizeGreaterThan(25);
    assertThat(stuck(Committed.shelf().dashboards())).isEmpty();
  }

  @Test
  void aDashboardWithoutLinksIsFound() {
    List<JsonNode> dashboards = Committed.shelf().dashboards();
    dashboards.stream()
        .filter(dashboard -> dashboard.path("uid").asString().equals("escala-database"))
        .flatMap(dashboard -> dashboard.findParents("defaults").stream())
        .forEach(config -> ((ObjectNode) config.path("defaults")).remove("links"));
    assertThat(stuck(dashboards)).contains("EscalaDatabaseDown").doesNotContain("EscalaApiDown");
  }
}
