package dev.escala.serve.database;

import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.desc.ColumnDescriptor;
import io.vertx.sqlclient.internal.SqlConnectionInternal;
import io.vertx.sqlclient.internal.command.PrepareStatementCommand;
import java.util.List;

/**
 * The columns of a statement as PostgreSQL parses it. Nothing is planned, so nothing of it runs,
 * not even a function of constants, which the planner would compute.
 */
final class ParsedColumns {

  private ParsedColumns() {}

  static Future<List<ColumnDescriptor>> of(
      SqlConnection connection, ContextInternal context, String statement) {
    return ((SqlConnectionInternal) connection)
        .unwrap()
        .schedule(context, new PrepareStatementCommand(statement, null, false))
        .map(parsed -> parsed.rowDesc() == null ? List.of() : parsed.rowDesc().columnDescriptor());
  }
}
