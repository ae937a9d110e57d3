package dev.escala.store.postgres;

import dev.escala.decode.ColumnType.Kind;
import dev.escala.decode.Row;
import dev.escala.decode.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** The one statement that deletes rows unless they are later than the deletion, and notes it. */
final class DeleteStatement {
  private final boolean uuidKey;
  private final String sql;

  DeleteStatement(TableName name, boolean uuidKey) {
    this.uuidKey = uuidKey;
    String table = TableCatalog.quoted(name);
    this.sql =
        """
        WITH u AS MATERIALIZED (
          SELECT * FROM unnest(?::%2$s[], ?::timestamptz[], ?::numeric[]) AS u(key, at, sequence)
        ), found AS MATERIALIZED (
          SELECT t."_id", t."_event_time", t."_sequence" FROM %1$s AS t JOIN u ON t."_id" = u.key
        ), due AS (
          SELECT u.* FROM u LEFT JOIN found AS t ON t."_id" = u.key
          WHERE t."_event_time" IS NULL OR t."_event_time" < u.at
            OR t."_event_time" = u.at AND coalesce(t."_sequence" <= u.sequence, true)
        ), noted AS (
          INSERT INTO escala.tombstone AS d (relation, key, event_time, sequence)
          SELECT '%3$s'::regclass, due.key::text, due.at, due.sequence FROM due
          ON CONFLICT (relation, key) DO UPDATE
            SET event_time = EXCLUDED.event_time, sequence = EXCLUDED.sequence, noted_at = now()
            WHERE d.event_time < EXCLUDED.event_time
              OR d.event_time = EXCLUDED.event_time AND d.sequence < EXCLUDED.sequence
          RETURNING d.key
        ), gone AS (
          DELETE FROM %1$s AS t USING due WHERE t."_id" = due.key
        )
        SELECT due.key FROM due JOIN noted ON noted.key = due.key::text\
        """
            .formatted(table, uuidKey ? "uuid" : "text", table.replace("'", "''"));
  }

  /**
   * Deletes rows of distinct keys; the caller has the lock that keeps all others from writing.
   *
   * @return the keys of those that were not deleted before, and have no later version
   */
  Set<Object> delete(Connection connection, List<Row> rows) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      Kind key = uuidKey ? Kind.UUID : Kind.TEXT;
      statement.setObject(1, BinaryArray.of(key, rows, Row::key));
      statement.setObject(2, BinaryArray.of(Kind.TIMESTAMPTZ, rows, Row::eventTime));
      statement.setObject(3, BinaryArray.of(Kind.NUMERIC, rows, Row::sequence));
      try (ResultSet answer = statement.executeQuery()) {
        Set<Object> keys = new HashSet<>();
        while (answer.next()) {
          keys.add(uuidKey ? answer.getObject(1, UUID.class) : answer.getString(1));
        }
        return keys;
      }
    }
  }
}
