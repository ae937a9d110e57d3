package dev.escala.store.postgres;

import dev.escala.postgres.PostgresDatabase;
import dev.escala.postgres.PostgresSettings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The tables that topics have in a database, as its catalog has them: the same for all instances,
 * and after each restart.
 *
 * @param columns of the table of each topic, without those of the system
 * @param inventedTables of topics that no configuration names
 * @param inventedColumns of all of these together
 */
public record TableCounts(Map<String, Integer> columns, int inventedTables, int inventedColumns) {
  private static final String COUNT =
      """
      SELECT d.description,
             (SELECT count(*) FROM pg_attribute a
              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                AND a.attname <> ALL (?))
      FROM pg_description d
      JOIN pg_class c ON c.oid = d.objoid AND c.relkind IN ('r', 'p')
      JOIN pg_attribute i ON i.attrelid = c.oid AND i.attnum = d.objsubid AND i.attname = '_id'
      WHERE d.classoid = 'pg_class'::regclass AND d.objsubid > 0\
      """;

  public TableCounts {
    columns = Map.copyOf(columns);
  }

  /**
   * Of a database as it is, which it does not migrate.
   *
   * @throws dev.escala.store.StoreException if it does not answer
   */
  public static TableCounts look(PostgresSettings settings, Predicate<String> isInvented) {
    return PostgresDatabase.look(settings, connection -> read(connection, isInvented));
  }

  /** By the marks that tables have since they were made. */
  static TableCounts read(Connection connection, Predicate<String> isInvented) throws SQLException {
    Map<String, Integer> columns = new HashMap<>();
    int tables = 0;
    int all = 0;
    try (PreparedStatement statement = connection.prepareStatement(COUNT)) {
      statement.setArray(1, TableCatalog.systemColumns(connection));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          Optional<String> topic = TableMark.topic(row.getString(1));
          if (topic.isPresent()) {
            columns.merge(topic.get(), row.getInt(2), Math::max);
            boolean isOfStranger = isInvented.test(topic.get());
            tables += isOfStranger ? 1 : 0;
            all += isOfStranger ? row.getInt(2) : 0;
          }
        }
      }
    }
    return new TableCounts(columns, tables, all);
  }
}
