package dev.escala.store.postgres;

import dev.escala.decode.Column;
import dev.escala.decode.ColumnType.Kind;
import dev.escala.decode.Row;
import dev.escala.decode.TableColumns;
import dev.escala.decode.TableName;
import dev.escala.decode.TopicSettings;
import dev.escala.decode.TopicSettings.UnknownFields;
import dev.escala.model.SqlIdentifier;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one statement that inserts rows: an array for each column, so that its text does not depend
 * on how many rows there are.
 */
final class InsertStatement {
  private final TableColumns columns;
  private final boolean keepsExtra;
  private final boolean notes;
  private final String sql;
  private final List<Binding> bindings = new ArrayList<>();

  /** An array of the statement. */
  private record Binding(Kind kind, Function<Row, @Nullable Object> value) {}

  InsertStatement(TopicSettings settings, TableColumns columns) {
    this.columns = columns;
    this.keepsExtra = settings.unknownFields() == UnknownFields.KEEP;
    this.notes = settings.tail();
    List<String> targets = new ArrayList<>();
    List<String> selected = new ArrayList<>();
    for (int i = 0; i < columns.columns().size(); i++) {
      targets.add(SqlIdentifier.quote(columns.columns().get(i).name()));
      selected.add(select(i, columns.columns().get(i)));
    }
    bindSystem(targets, selected);
    this.sql = sql(settings.table(), targets, selected);
  }

  private String bind(Kind kind, Function<Row, @Nullable Object> value) {
    bindings.add(new Binding(kind, value));
    return "u.c" + (bindings.size() - 1);
  }

  private String select(int position, Column column) {
    Kind kind = column.type().kind();
    String value = bind(kind, row -> row.value(position));
    String typed = kind == Kind.OTHER ? value + "::" + column.type().sql() : value;
    if (column.defaultSql() == null) {
      return typed;
    }
    String given = bind(Kind.BOOLEAN, row -> row.given(position));
    return "CASE WHEN %s THEN %s ELSE %s END"
        .formatted(given, typed, withoutParameters(column.defaultSql()));
  }

  /** The driver takes a question mark outside of quotes for a parameter. */
  private static String withoutParameters(String expression) {
    StringBuilder escaped = new StringBuilder(expression.length());
    boolean quoted = false;
    for (int i = 0; i < expression.length(); i++) {
      char c = expression.charAt(i);
      quoted ^= c == '\'' || c == '"';
      escaped.append(c == '?' && !quoted ? "??" : String.valueOf(c));
    }
    return escaped.toString();
  }

  private void bindSystem(List<String> targets, List<String> selected) {
    targets.addAll(List.of("\"_id\"", "\"_event_time\"", "\"_source\""));
    selected.add(bind(columns.uuidKey() ? Kind.UUID : Kind.TEXT, Row::key));
    selected.add(bind(Kind.TIMESTAMPTZ, Row::eventTime));
    selected.add(bind(Kind.TEXT, row -> row.source().label()));
    if (keepsExtra) {
      targets.add("\"_extra\"");
      selected.add(bind(Kind.JSONB, Row::extra));
    }
  }

  private String sql(TableName table, List<String> targets, List<String> selected) {
    List<String> arrays = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (Binding binding : bindings) {
      names.add("c" + names.size());
      arrays.add("?::" + BinaryArray.elementType(binding.kind()) + "[]");
    }
    String insert =
        """
        INSERT INTO %s (%s)
        SELECT %s
        FROM unnest(%s) AS u(%s)
        ON CONFLICT ("_id") DO NOTHING
        RETURNING "_id"\
        """
            .formatted(
                TableCatalog.quoted(table),
                String.join(", ", targets),
                String.join(", ", selected),
                String.join(", ", arrays),
                String.join(", ", names));
    return notes ? noting(table, insert) : insert;
  }

  /** In the same statement: what is rolled back, also to a savepoint, is not noted either. */
  private static String noting(TableName table, String insert) {
    return """
    WITH stored AS (%s), noted AS (
      INSERT INTO escala.tail (relation, amount, keys)
      SELECT '%s'::regclass, count(*), array_agg(n.id ORDER BY n.place)
      FROM (SELECT "_id"::text AS id, row_number() OVER () AS place FROM stored) n
      GROUP BY (n.place - 1) / %d)
    SELECT "_id" FROM stored\
    """
        .formatted(insert, TableCatalog.quoted(table).replace("'", "''"), TailNotes.MOST_KEYS);
  }

  TableColumns columns() {
    return columns;
  }

  /** Inserts rows with distinct keys, and answers the keys of those that were not there before. */
  Set<Object> insert(Connection connection, List<Row> rows) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < bindings.size(); i++) {
        statement.setObject(i + 1, array(bindings.get(i), rows));
      }
      try (ResultSet stored = statement.executeQuery()) {
        Set<Object> keys = HashSet.newHashSet(rows.size());
        while (stored.next()) {
          keys.add(columns.uuidKey() ? stored.getObject(1, UUID.class) : stored.getString(1));
        }
        return Collections.unmodifiableSet(keys);
      }
    }
  }

  private static BinaryArray array(Binding binding, List<Row> rows) {
    List<@Nullable Object> values = new ArrayList<>(rows.size());
    for (Row row : rows) {
      values.add(binding.value().apply(row));
    }
    return BinaryArray.of(binding.kind(), values);
  }
}
