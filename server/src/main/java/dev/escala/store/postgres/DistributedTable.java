package dev.escala.store.postgres;

import dev.escala.decode.Distribution;
import dev.escala.decode.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** A table whose rows stand on the workers of Citus, by {@code _id}. */
final class DistributedTable {
  private static final String IS_CITUS = "SELECT FROM pg_extension WHERE extname = 'citus'";

  private final Connection connection;
  private final TableName table;

  DistributedTable(Connection connection, TableName table) {
    this.connection = connection;
    this.table = table;
  }

  /**
   * Moves what the table has to the workers, in the transaction of the caller.
   *
   * @throws dev.escala.store.StoreException where the database has no Citus
   */
  void make(Distribution distribution) throws SQLException {
    if (!Sql.finds(connection, IS_CITUS)) {
      throw TableCatalog.misconfigured(
          "distribute: key of %s needs the extension citus in the database".formatted(table));
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT create_distributed_table(?::regclass, '_id', shard_count => ?)")) {
      statement.setString(1, TableCatalog.quoted(table));
      statement.setInt(2, distribution.shards());
      statement.execute();
    }
  }

  /** What its rows take on all workers, without indexes, as for a table that is not distributed. */
  long bytes() throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT citus_table_size(?::regclass)")) {
      statement.setString(1, TableCatalog.quoted(table));
      try (ResultSet result = statement.executeQuery()) {
        return result.next() ? result.getLong(1) : 0;
      }
    }
  }

  /** Fails where a worker does not answer; a statement without rows reaches none of them. */
  void askAll() throws SQLException {
    var _ = Sql.finds(connection, "SELECT FROM %s LIMIT 1".formatted(TableCatalog.quoted(table)));
  }
}
