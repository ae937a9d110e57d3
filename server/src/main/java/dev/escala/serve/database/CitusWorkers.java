package dev.escala.serve.database;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import java.util.List;
import java.util.stream.StreamSupport;

/** The workers of Citus, where a database has any: each holds rows that nobody else has. */
final class CitusWorkers {
  private static final String ARE_THERE =
      "SELECT pg_catalog.to_regclass('pg_catalog.pg_dist_node') IS NOT NULL";

  /** The time limit is of a connection to each, one after the other. */
  private static final String AWAY =
      """
      SET citus.node_connection_timeout = 500;
      SELECT n.nodename || ':' || n.nodeport FROM pg_catalog.pg_dist_node AS n
      WHERE n.isactive AND n.noderole = 'primary' AND n.shouldhaveshards
        AND NOT pg_catalog.citus_check_connection_to_node(n.nodename, n.nodeport)
      ORDER BY 1\
      """;

  private CitusWorkers() {}

  /** Those that the server cannot reach, by host and port; none where it has no workers. */
  static Future<List<String>> away(SqlClient client) {
    return client
        .query(ARE_THERE)
        .execute()
        .compose(
            answer ->
                answer.iterator().next().getBoolean(0)
                    ? client.query(AWAY).execute().map(RowSet::next).map(CitusWorkers::names)
                    : Future.succeededFuture(List.of()));
  }

  private static List<String> names(RowSet<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false).map(row -> row.getString(0)).toList();
  }
}
