package dev.escala.store.postgres;

import dev.escala.decode.Column;
import dev.escala.decode.ColumnType.Kind;
import dev.escala.decode.TableColumns;
import dev.escala.decode.TableName;
import dev.escala.model.SqlIdentifier;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How versions of a row take the place of each other in a table of a topic with {@code dedup:
 * latest}: by event time, and at the same time by their places at the source. Where these are not
 * known, what comes later and differs is the later version; a deletion stays one.
 */
final class Versions {
  private final TableName table;

  Versions(TableName table) {
    this.table = table;
  }

  /**
   * Begins a statement: its rows as {@code u}, and what is known of deletions of their keys as
   * {@code deleted}; Citus joins the two apart from the table.
   *
   * @param rows that are named u
   * @param key of such a row
   */
  static String deleted(TableName table, String rows, String key) {
    return """
    u AS MATERIALIZED (SELECT * FROM %s),
    deleted AS MATERIALIZED (
      SELECT d.key, d.event_time, d.sequence
      FROM u JOIN escala.tombstone AS d ON d.relation = '%s'::regclass AND d.key = %s::text
    ),
    """
        .formatted(rows, TableCatalog.quoted(table).replace("'", "''"), key);
  }

  /**
   * Ends the statement that inserts: only what is later than the row, and than its deletion.
   *
   * @param targets columns that are inserted, quoted
   * @param selected what is inserted into each
   */
  static String latest(TableColumns columns, List<String> targets, List<String> selected) {
    Map<String, String> value = new HashMap<>();
    for (int i = 0; i < targets.size(); i++) {
      value.put(targets.get(i), selected.get(i));
    }
    String updates =
        targets.stream()
            .filter(target -> !target.equals("\"_id\""))
            .map(target -> target + " = EXCLUDED." + target)
            .collect(Collectors.joining(", "));
    return """
    WHERE NOT EXISTS (
      SELECT 1 FROM deleted AS d
      WHERE d.key = %1$s::text
        AND (d.event_time > %2$s
          OR d.event_time = %2$s AND NOT coalesce(%3$s > d.sequence, false)))
    ON CONFLICT ("_id") DO UPDATE SET %4$s, "_received_at" = EXCLUDED."_received_at"
    WHERE coalesce(t."_event_time", '-infinity') < EXCLUDED."_event_time"
      OR t."_event_time" = EXCLUDED."_event_time"
        AND coalesce(t."_sequence" < EXCLUDED."_sequence", (%5$s) IS DISTINCT FROM (%6$s))\
    """
        .formatted(
            value.get("\"_id\""),
            value.get("\"_event_time\""),
            value.get("\"_sequence\""),
            updates,
            compared("t", columns, targets),
            compared("EXCLUDED", columns, targets));
  }

  /** Types of which nothing is known, and which may know no equality, are compared as texts. */
  private static String compared(String row, TableColumns columns, List<String> targets) {
    Stream<String> fields =
        columns.columns().stream()
            .map(column -> field(row, column) + (isPlain(column) ? "" : "::text"));
    Stream<String> extra =
        targets.contains("\"_extra\"") ? Stream.of(row + ".\"_extra\"") : Stream.of();
    // Two fields at least: a row of one would be a value.
    return Stream.of(Stream.of(row + ".\"_id\"", row + ".\"_event_time\""), fields, extra)
        .flatMap(each -> each)
        .collect(Collectors.joining(", "));
  }

  private static String field(String row, Column column) {
    return row + "." + SqlIdentifier.quote(column.name());
  }

  private static boolean isPlain(Column column) {
    return column.type().kind() != Kind.OTHER;
  }

  /**
   * Waits, until the transaction ends, for those who delete rows of the table; or, to delete, for
   * all who write: neither sees what the other has not committed.
   */
  void lock(Connection connection, boolean deletes) throws SQLException {
    String sql =
        deletes
            ? "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))"
            : "SELECT pg_advisory_xact_lock_shared(hashtextextended(?, 0))";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, "escala versions " + table);
      statement.execute();
    }
  }
}
