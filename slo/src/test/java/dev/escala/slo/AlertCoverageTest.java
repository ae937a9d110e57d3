package dev.escala.slo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.slo.Ops.CommittedRule;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Every alert has been seen to fire, and to be silent. */
class AlertCoverageTest {
  /** Is never silent, for that is what it says. */
  private static final String WATCHDOG = "EscalaWatchdog";

  private static Stream<JsonNode> expectations() {
    return Ops.files(Ops.TESTS, ".test.yml").stream()
        .flatMap(file -> Ops.yaml(file).get("tests").valueStream())
        .flatMap(test -> test.path("alert_rule_test").valueStream());
  }

  private static Set<String> expected(Predicate<JsonNode> what) {
    return expectations()
        .filter(what)
        .map(expectation -> expectation.get("alertname").asString())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> alerts() {
    return Ops.alerts().stream()
        .map(CommittedRule::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyAlertHasATestInWhichItFires() {
    assertThat(expected(e -> !e.get("exp_alerts").isEmpty())).isEqualTo(alerts());
  }

  @Test
  void everyAlertHasATestInWhichItDoesNot() {
    Set<String> alerts = alerts();
    alerts.remove(WATCHDOG);
    assertThat(expected(e -> e.get("exp_alerts").isEmpty())).isEqualTo(alerts);
  }
}
