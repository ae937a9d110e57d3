package dev.escala.slo;

import static dev.escala.testing.Eventually.eventually;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.slo.Matrix.Failure;
import dev.escala.slo.Ops.CommittedRule;
import dev.escala.slo.People.Told;
import dev.escala.testing.Ended;
import dev.escala.testing.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Each part x each way to fail, through the committed rules and a real Alertmanager: what fires and
 * when, who is told, who is not, and that it ends.
 */
class FailureMatrixTest {
  private static final List<String> ROLES = List.of("api", "ingest", "prober");
  private static final List<String> WAYS =
      List.of("gone", "slow", "silent", "one-of-two", "clock-skewed", "renamed", "restarted");
  private static final List<String> DEPENDENCIES = List.of("database", "replica", "queue", "topic");
  private static final List<String> WAYS_OF_DEPENDENCIES = List.of("gone", "slow", "full");

  private static final int BEGINS = 10;
  private static final int ENDS = 40;
  private static final int OVER = 64;

  /** Budgets of hours and days go on for as long: their own tests say when they end. */
  private static final String FIRING =
      "ALERTS{alertstate=\"firing\",severity!=\"info\","
          + "alertname!~\"EscalaErrorBudget(BurnSlow|Ticket)\"}";

  private static final Pattern TITLE = Pattern.compile("Escala(\\w+).*\\(\\w+, ([\\w-]+)\\)$");

  /** Waits as long as any, and is held back by nothing. */
  private static final Map<String, String> SENTINEL =
      Map.of(
          "alertname", "EscalaErrorBudgetBurnSlow",
          "severity", "critical",
          "slo", "completeness",
          "system", "sentinel",
          "tier", "standard",
          "env", "prod",
          "region", "the-sentinel");

  private static final String HEARD = "the sentinel: page ErrorBudgetBurnSlow";

  private final Matrix matrix = new Matrix();

  @TempDir private Path folder;

  private List<Failure> failures() {
    return matrix.failures().stream().filter(failure -> failure.not().isEmpty()).toList();
  }

  @Test
  void everyPartFailsInEveryWay() {
    List<String> all = new ArrayList<>();
    ROLES.forEach(role -> WAYS.forEach(way -> all.add(role + " " + way)));
    DEPENDENCIES.forEach(
        dependency -> WAYS_OF_DEPENDENCIES.forEach(way -> all.add(dependency + " " + way)));
    all.add("replica one-of-two");
    assertThat(matrix.failures()).extracting(Failure::fails).containsExactlyElementsOf(all);
  }

  /** The coverage of alerts in reverse: only what heals by itself has none. */
  @Test
  void everyFailureHasItsAlert() {
    assertThat(failures().stream().filter(f -> f.told().isEmpty()).map(Failure::fails))
        .containsExactly("api restarted", "ingest restarted", "prober restarted");
  }

  @Test
  void theRulesFireInTimeAndNoOthersDo() throws Exception {
    Tool.PROMTOOL.require();
    Ended ended = Tool.PROMTOOL.run(suite(), "test", "rules", "matrix.yml");
    assertThat(ended.exitCode()).as(ended.output()).isZero();
  }

  private Path suite() throws Exception {
    JsonNode one = Ops.yaml(Ops.TESTS.resolve("fleet.test.yml"));
    Map<String, Object> suite = new LinkedHashMap<>();
    suite.put(
        "rule_files",
        Ops.files(Ops.RULES, ".yml").stream().map(f -> f.toAbsolutePath().toString()).toList());
    suite.put("evaluation_interval", "30s");
    suite.put("group_eval_order", one.get("group_eval_order"));
    suite.put("tests", failures().stream().map(this::unitTest).toList());
    Files.writeString(folder.resolve("matrix.yml"), ReadableYaml.of(suite));
    return folder;
  }

  private Map<String, Object> unitTest(Failure failure) {
    List<Map<String, Object>> expectations = new ArrayList<>();
    expectations.add(firing(BEGINS - 1, FIRING, List.of()));
    List<Map<String, String>> all = new ArrayList<>();
    failure
        .fires()
        .forEach(
            (alert, minutes) -> {
              Map<String, String> labels = labels(failure, alert);
              all.add(labels);
              StringBuilder exactly = new StringBuilder("{");
              labels.forEach((key, value) -> exactly.append("%s=\"%s\",".formatted(key, value)));
              String one = FIRING.replace("{", exactly);
              expectations.add(firing(BEGINS + minutes, one, List.of(labels)));
            });
    expectations.add(firing(ENDS - 1, FIRING, all));
    if (!failure.stays()) {
      expectations.add(firing(OVER, FIRING, List.of()));
    }
    Map<String, Object> test = new LinkedHashMap<>();
    test.put("name", failure.fails());
    test.put("interval", "15s");
    test.put("input_series", matrix.series(failure));
    test.put("promql_expr_test", expectations);
    return test;
  }

  private static Map<String, Object> firing(
      int minute, String expression, List<Map<String, String>> alerts) {
    return Map.of(
        "expr",
        "max without (instance, job) (" + expression + ")",
        "eval_time",
        minute + "m",
        "exp_samples",
        alerts.stream().map(FailureMatrixTest::sample).toList());
  }

  private static Map<String, Object> sample(Map<String, String> labels) {
    StringBuilder text = new StringBuilder("{alertstate=\"firing\"");
    labels.forEach((key, value) -> text.append(",%s=\"%s\"".formatted(key, value)));
    return Map.of("labels", text.append('}').toString(), "value", 1);
  }

  /** Of {@code RoleGone role=api}: the labels of its rule, of the system, and these. */
  private static Map<String, String> labels(Failure failure, String alert) {
    String[] words = alert.split(" ", -1);
    CommittedRule rule =
        Ops.alerts().stream()
            .filter(one -> one.name().equals("Escala" + words[0]))
            .findFirst()
            .orElseThrow(() -> new AssertionError("There is no alert " + words[0]));
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("alertname", rule.name());
    labels.put("system", failure.system());
    labels.put("env", "prod");
    labels.put("tier", "standard");
    labels.put("region", failure.system());
    rule.node()
        .get("labels")
        .properties()
        .forEach(l -> labels.put(l.getKey(), l.getValue().asString()));
    Stream.of(words)
        .skip(1)
        .map(word -> word.split("=", 2))
        .forEach(label -> labels.put(label[0], label[1]));
    return labels;
  }

  /** All rows at once, each a system in a region of its own. */
  @Test
  void whoShouldBeToldIsToldAndNobodyElse() throws Exception {
    Tool.ALERTMANAGER.require();
    try (People people = new People();
        Alertmanager alertmanager = new Alertmanager(folder, people.configuration(folder))) {
      alertmanager.post(alerts(Map.of()));
      eventually("everybody is told", () -> told(people, false).containsAll(expected()));
      // What waits as long as the last of these, and comes after them.
      alertmanager.post(List.of(Map.of("labels", SENTINEL)));
      eventually("the sentinel is heard", () -> told(people, false).contains(HEARD));
      Set<String> told = told(people, false);
      told.remove(HEARD);
      assertThat(told).isEqualTo(expected());

      alertmanager.post(alerts(Map.of("endsAt", Instant.now().toString())));
      eventually("everybody hears the end", () -> told(people, true).containsAll(expected()));
    }
  }

  /** Who is held back is so by somebody who is told no later. */
  @Test
  void whatIsHeldBackHasBeenSaidBefore() {
    for (Failure failure : failures()) {
      failure
          .fires()
          .forEach(
              (alert, minutes) ->
                  assertThat(failure.fires().entrySet())
                      .as(failure.fails() + ": " + alert)
                      .anyMatch(
                          other ->
                              failure.told().stream()
                                      .anyMatch(told -> told.endsWith(" " + name(other.getKey())))
                                  && (other.getValue() <= minutes
                                      || name(other.getKey()).startsWith("ErrorBudget"))));
    }
  }

  private static String name(String alert) {
    return alert.split(" ", -1)[0];
  }

  private List<Map<String, Object>> alerts(Map<String, Object> more) {
    List<Map<String, Object>> alerts = new ArrayList<>();
    for (Failure failure : failures()) {
      for (String alert : failure.fires().keySet()) {
        Map<String, Object> posted = new LinkedHashMap<>(more);
        posted.put("labels", labels(failure, alert));
        alerts.add(posted);
      }
    }
    return alerts;
  }

  private Set<String> expected() {
    Set<String> expected = new TreeSet<>();
    failures()
        .forEach(
            failure -> failure.told().forEach(told -> expected.add(failure.fails() + ": " + told)));
    return expected;
  }

  private static Set<String> told(People people, boolean over) {
    return people.told().stream()
        .filter(told -> told.over() == over && !told.receiver().equals("watchdog"))
        .map(FailureMatrixTest::told)
        .collect(toCollection(TreeSet::new));
  }

  /** {@code api gone: page ApiDown}. */
  private static String told(Told told) {
    boolean page = told.receiver().startsWith("page");
    String text = told.body().at(page ? "/payload/summary" : "/attachments/0/title").asString();
    Matcher matcher = TITLE.matcher(text);
    assertThat(matcher.find()).as(text).isTrue();
    return "%s: %s %s"
        .formatted(
            matcher.group(2).replaceFirst("-", " "), page ? "page" : "ticket", matcher.group(1));
  }
}
