package dev.escala.store.postgres;

import dev.escala.decode.ColumnName;
import dev.escala.decode.ColumnType.Kind;
import dev.escala.decode.TableColumns;
import dev.escala.decode.TableIndex;
import dev.escala.decode.TableIndex.Method;
import dev.escala.decode.TopicSettings;
import dev.escala.model.SqlIdentifier;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which indexes the table of a topic is to have, and which it has. */
final class TableIndexes {
  private static final String EXISTING =
      """
      SELECT c.relname, i.indisvalid, m.amname, ARRAY(
          SELECT a.attname::text
          FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, place)
          JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
          WHERE k.place <= i.indnkeyatts
          ORDER BY k.place)
      FROM pg_index i
      JOIN pg_class c ON c.oid = i.indexrelid
      JOIN pg_am m ON m.oid = c.relam
      WHERE i.indrelid = ?::regclass AND i.indpred IS NULL AND i.indexprs IS NULL\
      """;

  /** Documents and what is not known have an index only if somebody asks for one. */
  private static final Set<Kind> WITHOUT_ORDER = Set.of(Kind.JSONB, Kind.OTHER);

  private final TopicSettings settings;

  TableIndexes(TopicSettings settings) {
    this.settings = settings;
  }

  /** One that is there, by the names of its columns. */
  private record Existing(String name, boolean valid, TableIndex index) {
    boolean serves(TableIndex wanted) {
      List<String> columns = index.columns();
      int size = wanted.columns().size();
      return valid
          && index.method() == wanted.method()
          && columns.size() >= size
          && columns.subList(0, size).equals(wanted.columns());
    }
  }

  /**
   * Those that the table can have now: the fields of the key, by which rows are asked for, where
   * Escala made the table, a small one of the time where rows expire, and what the configuration
   * names.
   */
  List<TableIndex> wanted(TableColumns columns) {
    List<TableIndex> wanted = new ArrayList<>();
    List<String> key = settings.keyFields().stream().map(ColumnName::of).toList();
    if (columns.made()
        && !key.isEmpty()
        && key.stream().allMatch(name -> hasOrder(columns, name))) {
      wanted.add(new TableIndex(key, Method.BTREE));
    }
    if (settings.maintenance().expires()) {
      wanted.add(new TableIndex(List.of("_event_time"), Method.BRIN));
    }
    settings.maintenance().indexes().stream()
        .filter(index -> index.columns().stream().allMatch(name -> isThere(columns, name)))
        .forEach(wanted::add);
    return wanted;
  }

  private static boolean hasOrder(TableColumns columns, String name) {
    Integer position = columns.positions().get(name);
    return position != null
        && !WITHOUT_ORDER.contains(columns.columns().get(position).type().kind());
  }

  private boolean isThere(TableColumns columns, String name) {
    return columns.positions().containsKey(name)
        || columns.generated().contains(name)
        || TableCatalog.SYSTEM.contains(name)
        || TableCatalog.optional(settings).contains(name);
  }

  /** Of those that are wanted the ones that no index of the table serves. */
  List<TableIndex> missing(Connection connection, TableColumns columns) throws SQLException {
    List<Existing> existing = existing(connection);
    return wanted(columns).stream()
        .filter(wanted -> existing.stream().noneMatch(index -> index.serves(wanted)))
        .distinct()
        .toList();
  }

  /** Whether an index of this name was begun and not finished. */
  boolean isUnfinished(Connection connection, String name) throws SQLException {
    return existing(connection).stream()
        .anyMatch(index -> index.name().equals(name) && !index.valid());
  }

  private List<Existing> existing(Connection connection) throws SQLException {
    List<Existing> existing = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(EXISTING)) {
      statement.setString(1, table());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          String name = row.getString(1);
          boolean valid = row.getBoolean(2);
          Optional<Method> method = Method.of(row.getString(3));
          List<String> columns = List.of((String[]) row.getArray(4).getArray());
          method.ifPresent(
              known -> existing.add(new Existing(name, valid, new TableIndex(columns, known))));
        }
      }
    }
    return existing;
  }

  /** A name that is the same each time. */
  String name(TableIndex index) {
    return name(settings.table().table(), index);
  }

  /** That of an index of a part of the table. */
  static String name(String table, TableIndex index) {
    String kind = index.method() == Method.BTREE ? "idx" : index.method().sql();
    return ColumnName.of(table + "_" + String.join("_", index.columns()) + "_" + kind);
  }

  /** The statement that builds one. */
  String create(TableIndex index, boolean concurrently) {
    return create(index, concurrently, name(index), table());
  }

  /**
   * The statement that builds one on a part of the table.
   *
   * @param on a table, for SQL
   */
  static String create(TableIndex index, boolean concurrently, String name, String on) {
    List<String> columns = index.columns().stream().map(SqlIdentifier::quote).toList();
    return "CREATE INDEX %s%s ON %s USING %s (%s)"
        .formatted(
            concurrently ? "CONCURRENTLY " : "",
            SqlIdentifier.quote(name),
            on,
            index.method().sql(),
            String.join(", ", columns));
  }

  private String table() {
    return TableCatalog.quoted(settings.table());
  }
}
