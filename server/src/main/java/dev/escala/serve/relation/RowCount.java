package dev.escala.serve.relation;

import dev.escala.query.QueryRefused;
import dev.escala.query.ReadPlanner;
import dev.escala.serve.database.CatalogStatements;
import dev.escala.serve.database.DialectSettings;
import dev.escala.serve.database.PlanEstimate;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import org.jspecify.annotations.Nullable;

/**
 * How many rows satisfy the conditions: counted, or as the planner believes.
 *
 * @param maxRows of an answer
 */
record RowCount(
    CatalogStatements statements, ReadPlanner planner, Preferences.Count wanted, long maxRows) {
  /** Fewer than this are quickly counted, so that {@code estimated} is exact for them. */
  private static final long WORTH_COUNTING = 50_000;

  /** The total, or null if none is wanted. */
  Future<@Nullable Long> total(SqlClient client) {
    return switch (wanted) {
      case NONE -> Future.succeededFuture(null);
      case EXACT -> exact(client).map(total -> total);
      case PLANNED -> planned(client).map(total -> total);
      case ESTIMATED ->
          planned(client)
              .compose(
                  estimate ->
                      estimate <= worthCounting()
                          ? exact(client)
                          : Future.succeededFuture(estimate))
              .map(total -> total);
    };
  }

  /** Where there are most rows for an answer, PostgREST estimates what has more. */
  private long worthCounting() {
    return maxRows == DialectSettings.ALL ? WORTH_COUNTING - 1 : maxRows;
  }

  boolean isWanted() {
    return wanted != Preferences.Count.NONE;
  }

  Future<Long> exact(SqlClient client) {
    try {
      return statements.first(client, planner.count()).map(row -> row.getLong(0));
    } catch (QueryRefused refused) {
      return Future.failedFuture(refused);
    }
  }

  private Future<Long> planned(SqlClient client) {
    try {
      return statements.first(client, planner.explainedCount()).map(RowCount::planRows);
    } catch (QueryRefused refused) {
      return Future.failedFuture(refused);
    }
  }

  private static Long planRows(Row row) {
    return PlanEstimate.of((JsonArray) row.getValue(0)).rows();
  }
}
