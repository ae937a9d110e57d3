package dev.escala.store.postgres;

import dev.escala.decode.Dedup;
import dev.escala.decode.Row;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What of a row is there once: its key, or its key at its event time.
 *
 * @param uuidKey whether keys are of the type uuid
 * @param withTime whether the event time belongs to it
 */
record RowIdentity(boolean uuidKey, boolean withTime) {
  RowIdentity(boolean uuidKey, Dedup dedup) {
    this(uuidKey, dedup.mode() == Dedup.Mode.KEY_TIME);
  }

  /** In microseconds, as the database keeps it. */
  private record AtTime(Object key, long micros) {}

  /**
   * In an order that all writers have, since two that lock rows in two orders block each other;
   * zero for two rows of which one is stored.
   */
  static int compare(Row left, Row right, boolean withTime) {
    int byKey =
        left.key() instanceof UUID uuid
            ? uuid.compareTo((UUID) right.key())
            : ((String) left.key()).compareTo((String) right.key());
    return byKey != 0 || !withTime
        ? byKey
        : Long.compare(BinaryArray.micros(left.eventTime()), BinaryArray.micros(right.eventTime()));
  }

  /** Equal for two rows of which one is stored. */
  static Object of(Row row, boolean withTime) {
    return withTime ? new AtTime(row.key(), BinaryArray.micros(row.eventTime())) : row.key();
  }

  /** Its columns, for SQL: those that {@link #read} reads. */
  String columns() {
    return withTime ? "\"_id\", \"_event_time\"" : "\"_id\"";
  }

  /** Nulls for the columns, where there is no row. */
  String none() {
    return withTime ? "NULL, NULL" : "NULL";
  }

  /**
   * That of a row of an answer that begins with the columns.
   *
   * @return {@code null} where the key is
   */
  @Nullable Object read(ResultSet answer) throws SQLException {
    Object key = uuidKey ? answer.getObject(1, UUID.class) : answer.getString(1);
    return key == null || !withTime
        ? key
        : new AtTime(
            key, BinaryArray.micros(answer.getObject(2, OffsetDateTime.class).toInstant()));
  }
}
