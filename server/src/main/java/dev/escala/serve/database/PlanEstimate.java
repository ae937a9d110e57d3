package dev.escala.serve.database;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * What the planner expects of a statement, by {@code EXPLAIN (FORMAT JSON)}. Of what Citus sends to
 * its workers it tells no cost, and always 100,000 rows; but it shows the plan of one of its tasks,
 * which the others are like.
 *
 * @param cost in units of the planner, of all servers together
 */
public record PlanEstimate(double cost, long rows) {
  /** Of what EXPLAIN answered. */
  public static PlanEstimate of(JsonArray explained) {
    JsonObject plan = explained.getJsonObject(0).getJsonObject("Plan");
    return of(plan);
  }

  private static PlanEstimate of(JsonObject plan) {
    double cost = plan.getDouble("Total Cost") + distributedCost(plan);
    JsonObject query = plan.getJsonObject("Distributed Query");
    long rows = query == null ? plan.getLong("Plan Rows") : tasks(query).rows();
    return new PlanEstimate(cost, rows);
  }

  /** What the costs of a plan leave out, be it far below. */
  private static double distributedCost(JsonObject plan) {
    double cost = 0;
    JsonObject query = plan.getJsonObject("Distributed Query");
    if (query != null) {
      cost += tasks(query).cost();
      for (Object subplan : query.getJsonArray("Subplans", new JsonArray())) {
        JsonArray statement = ((JsonObject) subplan).getJsonArray("PlannedStmt", new JsonArray());
        cost += statement.isEmpty() ? 0 : of(statement).cost();
      }
    }
    for (Object child : plan.getJsonArray("Plans", new JsonArray())) {
      cost += distributedCost((JsonObject) child);
    }
    return cost;
  }

  /** As many times what is shown as there are tasks that are not. */
  private static PlanEstimate tasks(JsonObject query) {
    JsonObject job = query.getJsonObject("Job", new JsonObject());
    JsonArray shown = job.getJsonArray("Tasks", new JsonArray());
    double cost = 0;
    double rows = 0;
    for (Object task : shown) {
      JsonArray remote = ((JsonObject) task).getJsonArray("Remote Plan", new JsonArray());
      if (!remote.isEmpty()) {
        PlanEstimate estimate = of(remote.getJsonArray(0));
        cost += estimate.cost();
        rows += estimate.rows();
      }
    }
    double times = shown.isEmpty() ? 0 : (double) job.getInteger("Task Count") / shown.size();
    return new PlanEstimate(cost * times, Math.round(rows * times));
  }
}
