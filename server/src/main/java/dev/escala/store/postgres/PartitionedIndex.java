package dev.escala.store.postgres;

import dev.escala.decode.TableIndex;
import dev.escala.decode.TableName;
import dev.escala.model.SqlIdentifier;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * An index of a partitioned table, which PostgreSQL does not build while rows are written: one is
 * built so on each partition, and attached. One that was begun is gone on with.
 */
final class PartitionedIndex {
  private static final String PARTS =
      """
      SELECT n.nspname, c.relname, c.relkind = 'r'
      FROM pg_inherits i
      JOIN pg_class c ON c.oid = i.inhrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE i.inhparent = ?::regclass AND c.relkind IN ('r', 'p')
        AND NOT EXISTS (SELECT FROM pg_inherits x
                        JOIN pg_index d ON d.indexrelid = x.inhrelid
                        WHERE x.inhparent = ?::regclass AND d.indrelid = c.oid)\
      """;

  private final Connection connection;
  private final TableName table;
  private final TableIndex index;
  private final LongStatement running;

  PartitionedIndex(
      Connection connection, TableName table, TableIndex index, LongStatement running) {
    this.connection = connection;
    this.table = table;
    this.index = index;
    this.running = running;
  }

  /** A partition without it. */
  private record Part(String schema, String name, boolean isTable) {}

  /** Whether the table is partitioned. */
  boolean isDue() throws SQLException {
    String sql = "SELECT FROM pg_partitioned_table WHERE partrelid = ?::regclass";
    return Sql.finds(connection, sql, TableCatalog.quoted(table));
  }

  /** Until each partition has its own; the database takes those for one that is valid. */
  void build(String name) throws SQLException {
    String whole = quoted(table.schema(), name);
    if (!Sql.finds(connection, "SELECT FROM to_regclass(?) AS r WHERE r IS NOT NULL", whole)) {
      String on = "ONLY " + TableCatalog.quoted(table);
      running.execute(connection, TableIndexes.create(index, false, name, on));
    }
    for (Part part : parts(whole)) {
      String own = TableIndexes.name(part.name(), index);
      String quoted = quoted(part.schema(), own);
      running.execute(connection, "DROP INDEX CONCURRENTLY IF EXISTS " + quoted);
      running.execute(
          connection,
          TableIndexes.create(index, part.isTable(), own, quoted(part.schema(), part.name())));
      running.execute(connection, "ALTER INDEX %s ATTACH PARTITION %s".formatted(whole, quoted));
    }
  }

  private List<Part> parts(String whole) throws SQLException {
    List<Part> parts = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(PARTS)) {
      statement.setString(1, TableCatalog.quoted(table));
      statement.setString(2, whole);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          parts.add(new Part(row.getString(1), row.getString(2), row.getBoolean(3)));
        }
      }
    }
    return parts;
  }

  private static String quoted(String schema, String name) {
    return SqlIdentifier.quote(schema) + "." + SqlIdentifier.quote(name);
  }
}
