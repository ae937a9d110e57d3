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

  /** A table that Citus does not have is none of its, whether the database has Citus or not. */
  private static final String IS_DISTRIBUTED =
      """
      SELECT FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
      WHERE t.tgrelid = ?::regclass AND p.proname = 'citus_truncate_trigger'\
      """;

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
    distribute(TableCatalog.quoted(table), "_id", distribution);
  }

  /**
   * Makes the table of the keys that are seen of late, which all topics of the database share; that
   * of tables that are not distributed holds its own.
   */
  void makeKeys(Distribution distribution) throws SQLException {
    Sql.execute(connection, SeenKeys.CREATE_DISTRIBUTED);
    if (!Sql.finds(connection, IS_DISTRIBUTED, SeenKeys.DISTRIBUTED)) {
      distribute(SeenKeys.DISTRIBUTED, "key", distribution);
    }
    SeenKeys.forget(connection, TableCatalog.quoted(table)); // of one that had its name
  }

  private void distribute(String name, String column, Distribution distribution)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT create_distributed_table(?::regclass, ?, shard_count => ?)")) {
      statement.setString(1, name);
      statement.setString(2, column);
      statement.setInt(3, distribution.shards());
      statement.execute();
    }
  }

  /** Whether Citus has it: over its workers, or, with its whole schema, on one of them. */
  boolean isOne() throws SQLException {
    return Sql.finds(connection, IS_DISTRIBUTED, TableCatalog.quoted(table));
  }

  /** Distributes what is to become a partition as the table is, where that is. */
  void follow(String partition) throws SQLException {
    if (!isOne()) {
      return;
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT create_distributed_table(?::regclass, '_id', colocate_with => ?)")) {
      statement.setString(1, partition);
      statement.setString(2, TableCatalog.quoted(table));
      statement.execute();
    }
  }

  /** What its rows take on all workers, without indexes, as for a table that is not distributed. */
  long bytes() throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(TableCatalog.bytes("citus_table_size"))) {
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
