package dev.escala.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The committed dashboards keep every rule, and every rule finds what is planted against it. */
class LintTest {
  private static final List<LintRule> RULES =
      Stream.of(DashboardRules.ALL, PanelRules.ALL, ExpressionRules.ALL, ReadingRules.ALL)
          .flatMap(List::stream)
          .toList();

  private static final Shelf COMMITTED = Committed.shelf();

  @Test
  void committedDashboardsKeepTheRules() {
    assertThat(COMMITTED.dashboards()).hasSize(5);
    assertThat(COMMITTED.dashboards().stream().mapToInt(d -> Shelf.panels(d).size()).sum())
        .as("panels seen")
        .isGreaterThan(60);
    assertThat(LintRule.violations(RULES, COMMITTED)).isEmpty();
  }

  /** A change that breaks one rule of the first panel of a dashboard, or of the dashboard. */
  record Planted(String rule, String told, Consumer<List<JsonNode>> damage) {
    @Override
    public String toString() {
      return rule + ": " + told;
    }
  }

  private static Planted dashboard(String rule, String told, Consumer<ObjectNode> damage) {
    return new Planted(rule, told, dashboards -> damage.accept((ObjectNode) dashboards.get(1)));
  }

  private static Planted panel(String rule, String told, Consumer<ObjectNode> damage) {
    return dashboard(rule, told, json -> damage.accept((ObjectNode) Shelf.panels(json).getFirst()));
  }

  private static Planted expression(String rule, String told, String expression) {
    return panel(
        rule,
        told,
        panel -> {
          ObjectNode target = (ObjectNode) panel.path("targets").get(0);
          target.put("expr", Panel.selecting(expression)).put("range", true);
        });
  }

  private static ObjectNode defaults(ObjectNode panel) {
    return (ObjectNode) panel.path("fieldConfig").path("defaults");
  }

  private static ObjectNode listed(ObjectNode dashboard, String of, int index) {
    return (ObjectNode) dashboard.path(of).path("list").get(index);
  }

  static List<Planted> planted() {
    List<Planted> planted = new ArrayList<>(ofDashboards());
    planted.addAll(ofPanels());
    planted.addAll(ofExpressions());
    planted.addAll(ofReading());
    return planted;
  }

  private static List<Planted> ofDashboards() {
    return List.of(
        dashboard("uid", "at most 40", json -> json.put("uid", "escala-" + "a".repeat(34))),
        dashboard("uid", "must be escala-…", json -> json.put("uid", "System")),
        dashboard("unique uids", "escala-slo occurs twice", json -> json.put("uid", "escala-slo")),
        dashboard("read only", "is editable", json -> json.put("editable", true)),
        dashboard(
            "variables",
            "has the variables [db, env",
            j -> listed(j, "templating", 0).put("name", "db")),
        dashboard(
            "variables", "time range", json -> listed(json, "templating", 1).put("refresh", 1)),
        dashboard(
            "data source of variables and annotations",
            "variable env",
            json -> listed(json, "templating", 1).remove("datasource")),
        dashboard(
            "data source of variables and annotations",
            "annotation Pages",
            json -> listed(json, "annotations", 0).remove("datasource")),
        panel("numbers of panels", "occurs twice", panel -> panel.put("id", 1)),
        panel("no overlap", "lies over", panel -> at(panel).put("x", 3)),
        panel("no overlap", "not inside of the grid", panel -> at(panel).put("w", 25)),
        panel("no repetition", "is repeated", panel -> panel.put("repeat", "system")),
        dashboard("links", "there is no /d/escala-none", json -> link(json, "/d/escala-none")),
        dashboard("links", "sets team", json -> link(json, "/d/escala-slo?var-team=a")));
  }

  private static ObjectNode at(ObjectNode panel) {
    return (ObjectNode) panel.path("gridPos");
  }

  private static void link(ObjectNode dashboard, String url) {
    ((ArrayNode) dashboard.path("links")).addObject().put("url", url);
  }

  private static List<Planted> ofPanels() {
    return List.of(
        panel("title", "has none", panel -> panel.put("title", " ")),
        panel("description", "must be a sentence", panel -> panel.put("description", "Status")),
        panel("unit", "has none", panel -> defaults(panel).remove("unit")),
        panel("targets", "has none", panel -> panel.putArray("targets")),
        panel(
            "legend",
            "has none",
            panel -> ((ObjectNode) panel.path("targets").get(0)).remove("legendFormat")),
        panel(
            "data source", "selected one", panel -> panel.putObject("datasource").put("uid", "a")),
        panel("no data is grey", "shows nothing", panel -> defaults(panel).remove("noValue")),
        panel("no data is grey", "to grey", panel -> defaults(panel).putArray("mappings")),
        expression("no data is grey", "out of nothing", "count(db_up{@}) or vector(0)"),
        panel(
            "steps",
            "at [1.0], but the SLO files say [0.2, 0.5]",
            panel ->
                ((ObjectNode) panel.path("targets").get(0))
                    .put("expr", Panel.selecting("max(db_ping_duration_seconds{@})"))));
  }

  private static List<Planted> ofExpressions() {
    return List.of(
        expression(
            "rate interval", "a rate over 5m", "sum(rate(db_checks_total{@,result=\"[\"}[5m]))"),
        expression("rate before sum", "more than a metric", "rate(sum(db_checks_total{@})[1h:1m])"),
        expression("counters", "the rate of a gauge, db_up", "rate(db_up{@}[$__rate_interval])"),
        expression(
            "quantiles keep le",
            "something else",
            "histogram_quantile(0.9, sum by (topic)"
                + " (rate(ingest_freshness_seconds_bucket{@}[$__rate_interval])))"),
        expression("selected", "db_up ignores the selected system", "db_up{env=~\"$env\"}"),
        expression("selected", "db_up ignores the selected env", "max by (system) (db_up)"),
        expression("known metrics", "there is no db_upp", "max(db_upp{@}) or max(db_up{@})"),
        expression("known metrics", "db_up has no label db", "max(db_up{@,db!=\"a\"})"),
        expression("the first of each moment", "choose by @ end()", "topk(3, db_up{@})"));
  }

  /** The last panels of a dashboard are time series. */
  private static Planted drawn(String rule, String told, String unit, String... expressions) {
    return dashboard(
        rule,
        told,
        json -> {
          ObjectNode panel = (ObjectNode) Shelf.panels(json).getLast();
          defaults(panel).put("unit", unit).put("max", 1);
          ArrayNode targets = panel.putArray("targets");
          for (String expression : expressions) {
            targets.addObject().put("expr", Panel.selecting(expression)).put("legendFormat", "p5");
          }
        });
  }

  private static List<Planted> ofReading() {
    return List.of(
        drawn("percentiles", "calls [50] percentiles [5]", "s", "histogram_quantile(0.5, a{@})"),
        drawn(
            "room for failures", "hides half a percent", "percentunit", "a{@,code=\"5xx\"} / a{@}"),
        drawn("one unit", "draws [seconds, share]", "s", "db_ping_duration_seconds{@}", "a / b"),
        drawn("one unit", "draws [share] as seconds", "s", "a{@} / b{@}"),
        drawn("processes have names", "hides which process", "s", "max(sum by (instance) (a{@}))"),
        panel("runbook", "leads to no runbook", panel -> defaults(panel).remove("links")),
        panel("runbook", "there is no runbooks/none.md", LintTest::toNowhere),
        dashboard(
            "a panel names the process",
            "escala-system names none",
            json -> {
              json.removeAll();
              json.put("uid", "escala-system");
            }),
        new Planted(
            "logs and traces",
            "leads to no logs",
            all -> defaults((ObjectNode) Shelf.panels(all.getLast()).getFirst()).remove("links")),
        dashboard(
            "what fires",
            "has no list of alerts",
            json -> ((ArrayNode) json.path("panels")).removeAll()));
  }

  private static void toNowhere(ObjectNode panel) {
    ((ObjectNode) defaults(panel).path("links").get(0)).put("url", "/docs/runbooks/none.md");
  }

  @ParameterizedTest
  @MethodSource("planted")
  void aPlantedViolationIsFound(Planted planted) {
    List<JsonNode> dashboards =
        new ArrayList<>(COMMITTED.dashboards().stream().map(JsonNode::deepCopy).toList());
    planted.damage().accept(dashboards);
    Shelf damaged = new Shelf(dashboards, COMMITTED.metrics(), COMMITTED.steps());
    assertThat(LintRule.violations(RULES, damaged))
        .anyMatch(told -> told.startsWith(planted.rule() + ": ") && told.contains(planted.told()));
  }

  @Test
  void somethingIsPlantedAgainstEveryRule() {
    Set<String> rules = new TreeSet<>(RULES.stream().map(LintRule::name).toList());
    assertThat(planted().stream().map(Planted::rule)).containsAll(rules);
  }
}
