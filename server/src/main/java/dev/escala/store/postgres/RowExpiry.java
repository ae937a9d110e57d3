package dev.escala.store.postgres;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Deletes what is too old, a few thousand rows at a time. */
final class RowExpiry {
  /** So that no transaction is long, and a standby follows. */
  private static final int AT_ONCE = 5_000;

  private final Upkeep upkeep;

  RowExpiry(Upkeep upkeep) {
    this.upkeep = upkeep;
  }

  /**
   * Deletes the rows that a condition holds for, until none is left.
   *
   * @param table its name for SQL
   * @return how many there were
   */
  long delete(String table, String condition) throws SQLException {
    // The condition once more: a place is one of each partition, and a row may have become later.
    String sql =
        """
        DELETE FROM %1$s
        WHERE ctid = ANY (ARRAY(SELECT ctid FROM %1$s WHERE %2$s LIMIT %3$d)) AND %2$s\
        """
            .formatted(table, condition, AT_ONCE);
    long all = 0;
    try (PreparedStatement statement = upkeep.connection().prepareStatement(sql)) {
      int deleted = AT_ONCE;
      while (deleted >= AT_ONCE && upkeep.running().isWanted()) {
        deleted = statement.executeUpdate();
        all += deleted;
      }
    }
    return all;
  }
}
