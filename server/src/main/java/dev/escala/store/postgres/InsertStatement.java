package dev.escala.store.postgres;

import dev.escala.decode.Column;
import dev.escala.decode.ColumnType.Kind;
import dev.escala.decode.Dedup;
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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one statement that inserts rows: an array for each column, so that its text does not depend
 * on how many rows there are.
 */
final class InsertStatement {
  private final TableColumns columns;
  private final boolean keepsExtra;
  private final boolean issues;
  private final boolean notes;
  private final Dedup dedup;
  private final RowIdentity identity;
  private final String topic;
  private final DeleteStatement deletion;
  private final String sql;
  private final String resolving;
  private final List<Binding> bindings = new ArrayList<>();

  /** An array of the statement. */
  private record Binding(Kind kind, Function<Row, @Nullable Object> value) {}

  /**
   * What became of rows.
   *
   * @param all whether none of them was there before
   * @param rows those that were not there before, or in place of an earlier version; not told where
   *     that are all
   * @param letters whether dead letters of the topic are open
   */
  record Inserted(boolean all, Set<Object> rows, boolean letters) {
    /** Whether a row of this identity is one of those. */
    boolean has(Object identity) {
      return all || rows.contains(identity);
    }
  }

  InsertStatement(TopicSettings settings, TableColumns columns) {
    this.columns = columns;
    this.keepsExtra = settings.unknownFields() == UnknownFields.KEEP;
    this.issues = settings.issues();
    this.notes = settings.tail();
    this.dedup = settings.dedup();
    this.identity = new RowIdentity(columns.uuidKey(), dedup);
    this.topic = StorableText.of(settings.topic());
    this.deletion = new DeleteStatement(settings.table(), columns.uuidKey());
    List<String> targets = new ArrayList<>();
    List<String> selected = new ArrayList<>();
    for (int i = 0; i < columns.columns().size(); i++) {
      targets.add(SqlIdentifier.quote(columns.columns().get(i).name()));
      selected.add(select(i, columns.columns().get(i)));
    }
    bindSystem(targets, selected);
    String stored = "WITH " + stored(settings, targets, selected);
    this.sql = stored + answer();
    this.resolving = stored + ", " + LetterKeys.RESOLVE + answer();
  }

  /**
   * Takes the topic, and how many rows there are. The identities of those that were stored, where
   * they are not all; then, without an identity, how many were stored, and whether there are open
   * dead letters of the topic.
   */
  private String answer() {
    // The letters apart: Citus takes no local table in a query of what workers answer.
    return """
    , open AS (
      SELECT id FROM escala.dead_letter WHERE topic = ? AND status = 'new' LIMIT 1
    )
    SELECT %s, NULL AS amount, NULL AS letters FROM stored
    WHERE (SELECT count(*) FROM stored) < ?
    UNION ALL
    SELECT %s, (SELECT count(*) FROM stored), EXISTS (SELECT FROM open)\
    """
        .formatted(identity.columns(), identity.none());
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
    bindSystem(targets, selected, "_id", columns.uuidKey() ? Kind.UUID : Kind.TEXT, Row::key);
    bindSystem(targets, selected, "_event_time", Kind.TIMESTAMPTZ, Row::eventTime);
    bindSystem(targets, selected, "_source", Kind.TEXT, row -> row.source().label());
    if (keepsExtra) {
      bindSystem(targets, selected, "_extra", Kind.JSONB, Row::extra);
    }
    if (issues) {
      bindSystem(targets, selected, TableCatalog.ISSUES, Kind.JSONB, Row::issues);
    }
    if (dedup.versions()) {
      bindSystem(targets, selected, TableCatalog.SEQUENCE, Kind.NUMERIC, Row::sequence);
    }
  }

  private void bindSystem(
      List<String> targets,
      List<String> selected,
      String column,
      Kind kind,
      Function<Row, @Nullable Object> value) {
    targets.add(SqlIdentifier.quote(column));
    selected.add(bind(kind, value));
  }

  private String stored(TopicSettings settings, List<String> targets, List<String> selected) {
    TableName table = settings.table();
    List<String> arrays = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (Binding binding : bindings) {
      names.add("c" + names.size());
      arrays.add("?::" + BinaryArray.elementType(binding.kind()) + "[]");
    }
    String rows =
        "unnest(%s) AS u(%s)".formatted(String.join(", ", arrays), String.join(", ", names));
    String key = selected.get(targets.indexOf("\"_id\""));
    String insert =
        """
        stored AS (
          INSERT INTO %s AS t (%s)
          SELECT %s
          FROM %s
          %s
          RETURNING %s
        )\
        """
            .formatted(
                TableCatalog.quoted(table),
                String.join(", ", targets),
                String.join(", ", selected),
                from(rows, key),
                conflict(targets, selected),
                identity.columns());
    String before =
        switch (dedup.mode()) {
          case KEY, KEY_TIME -> "";
          case WINDOW -> SeenKeys.remember(settings, rows, key);
          case LATEST -> Versions.deleted(table, rows, key);
        };
    String stored = before + insert;
    return notes ? stored + noting(table) : stored;
  }

  private String from(String rows, String key) {
    return switch (dedup.mode()) {
      case KEY, KEY_TIME -> rows;
      case WINDOW -> SeenKeys.unseen(key);
      case LATEST -> "u";
    };
  }

  private String conflict(List<String> targets, List<String> selected) {
    return switch (dedup.mode()) {
      case KEY, KEY_TIME -> "ON CONFLICT (%s) DO NOTHING".formatted(identity.columns());
      // Of a table whose keys were unique for good before.
      case WINDOW -> columns.uniqueKey() ? "ON CONFLICT (\"_id\") DO NOTHING" : "";
      case LATEST -> Versions.latest(columns, targets, selected);
    };
  }

  /** In the same statement: what is rolled back, also to a savepoint, is not noted either. */
  private static String noting(TableName table) {
    return """
    , noted AS (
      INSERT INTO escala.tail (relation, amount, keys)
      SELECT '%s'::regclass, count(*), array_agg(n.id ORDER BY n.place)
      FROM (SELECT "_id"::text AS id, row_number() OVER () AS place FROM stored) n
      GROUP BY (n.place - 1) / %d)\
    """
        .formatted(TableCatalog.quoted(table).replace("'", "''"), TailNotes.MOST_KEYS);
  }

  TableColumns columns() {
    return columns;
  }

  /** The statement that takes rows of the same columns away. */
  DeleteStatement deletion() {
    return deletion;
  }

  /**
   * Inserts rows of which none is another once more. The dead letters are resolved with it, in the
   * same statement: the caller knows that all of their messages are stored now, or were before.
   */
  Inserted insert(Connection connection, List<Row> rows, LetterKeys letters) throws SQLException {
    String text = letters.isEmpty() ? sql : resolving;
    try (PreparedStatement statement = connection.prepareStatement(text)) {
      int next = 1;
      for (Binding binding : bindings) {
        statement.setObject(next++, array(binding, rows));
      }
      if (!letters.isEmpty()) {
        next = letters.bind(connection, statement, next);
      }
      statement.setString(next++, topic);
      statement.setInt(next, rows.size());
      try (ResultSet answer = statement.executeQuery()) {
        return inserted(answer, rows.size());
      }
    }
  }

  private Inserted inserted(ResultSet answer, int given) throws SQLException {
    Set<Object> rows = new HashSet<>();
    boolean all = false;
    boolean letters = false;
    while (answer.next()) {
      Object row = identity.read(answer);
      if (row == null) {
        all = answer.getLong("amount") == given;
        letters = answer.getBoolean("letters");
      } else {
        rows.add(row);
      }
    }
    return new Inserted(all, Collections.unmodifiableSet(rows), letters);
  }

  private static BinaryArray array(Binding binding, List<Row> rows) {
    return BinaryArray.of(binding.kind(), rows, binding.value());
  }
}
