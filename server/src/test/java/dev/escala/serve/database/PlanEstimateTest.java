package dev.escala.serve.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import org.junit.jupiter.api.Test;

/** Plans as PostgreSQL and Citus 13.2 tell them; {@code DistributedReadsTest} asks a real one. */
class PlanEstimateTest {
  private static String tasks(String subplans) {
    return """
    "Total Cost": 0.00, "Plan Rows": 100000, "Distributed Query": {%s
      "Job": {"Task Count": 4, "Tasks Shown": "One of 4", "Tasks": [
        {"Node": "host=a", "Remote Plan": [[{"Plan": {"Total Cost": 15.5, "Plan Rows": 560}}]]}
      ]}}\
    """
        .formatted(subplans);
  }

  private static PlanEstimate of(String plan) {
    return PlanEstimate.of(new JsonArray("[{\"Plan\": {%s}}]".formatted(plan)));
  }

  @Test
  void aPlanOfOneServerIsAsItSays() {
    assertThat(of("\"Total Cost\": 7.5, \"Plan Rows\": 3, \"Plans\": [{\"Total Cost\": 7}]"))
        .isEqualTo(new PlanEstimate(7.5, 3));
  }

  @Test
  void theTaskThatIsShownStandsForAll() {
    assertThat(of(tasks(""))).isEqualTo(new PlanEstimate(62, 2_240));
  }

  @Test
  void whatIsBelowCountsAndSoDoesWhatIsReadBefore() {
    assertThat(of("\"Total Cost\": 2, \"Plan Rows\": 9, \"Plans\": [{%s}]".formatted(tasks(""))))
        .isEqualTo(new PlanEstimate(64, 9));
    String subplans = "\"Subplans\": [{\"PlannedStmt\": [{\"Plan\": {%s}}]}],".formatted(tasks(""));
    assertThat(of(tasks(subplans))).isEqualTo(new PlanEstimate(124, 2_240));
  }

  @Test
  void whatShowsNoTaskCostsNothingMore() {
    assertThat(of("\"Total Cost\": 1, \"Plan Rows\": 5, \"Distributed Query\": {}"))
        .isEqualTo(new PlanEstimate(1, 0));
  }
}
