package dev.escala.serve.database;

import dev.escala.query.SqlStatement;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import io.vertx.sqlclient.internal.ArrayTuple;
import java.util.List;

/**
 * Statements of one generation of the catalog. Their text carries its number: PostgreSQL refuses a
 * prepared statement whose result would change its type, and a new text is prepared anew.
 */
public record CatalogStatements(int generation) {

  public SqlStatement marked(SqlStatement statement) {
    return new SqlStatement(
        statement.text() + " /*" + generation + "*/", statement.parameters(), statement.columns());
  }

  /** The first row of a statement. */
  public Future<Row> first(SqlClient client, SqlStatement statement) {
    return client
        .preparedQuery(marked(statement).text())
        .execute(tuple(statement.parameters()))
        .map(rows -> rows.iterator().next());
  }

  public static Tuple tuple(List<String> texts) {
    ArrayTuple tuple = new ArrayTuple(texts.size());
    texts.forEach(tuple::addString);
    return tuple;
  }
}
