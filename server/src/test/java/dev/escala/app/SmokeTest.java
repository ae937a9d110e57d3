package dev.escala.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

class SmokeTest {
  private static final String WELL =
      """
      {"status": "ok", "version": "0.1.0 (abc1234)", "checks": {
        "api": {"status": "ok"},
        "database flights": {"status": "warn", "latency_ms": 300},
        "canary flights": {"status": "ok", "served": 2}}}
      """;

  private static List<String> faults(String health) {
    return Smoke.faults(JsonMapper.shared().readTree(health), "abc1234");
  }

  @Test
  void whatIsWellHasNoFault() {
    assertThat(faults(WELL)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "abc1234, 0000000, 'version: 0.1.0 (0000000) answers, not abc1234'",
    "'{\"status\": \"warn\", \"latency_ms\": 300}', '{\"status\": \"critical\"}', 'database flights"
        + " is critical: {\"status\":\"critical\"}'",
    "'\"served\": 2', '\"served\": 0', 'canary flights: no marker has come back from the API yet'",
    "', \"served\": 2', '', 'canary flights: no marker has come back from the API yet'"
  })
  void eachThingThatDoesNotHoldIsTold(String well, String planted, String fault) {
    assertThat(WELL).contains(well);
    assertThat(faults(WELL.replace(well, planted))).containsExactly(fault);
  }

  @Test
  void noAnswerIsAFault() {
    assertThat(Smoke.faults(MissingNode.getInstance(), "abc1234"))
        .containsExactly("/health does not answer");
  }
}
