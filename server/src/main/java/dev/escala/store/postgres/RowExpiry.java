package dev.escala.store.postgres;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Deletes what is too old, a few thousand rows at a time. */
final class RowExpiry {
  /** Where a row stands. */
  static final String PLACE = "ctid";

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
   * @param by what tells its rows apart, as far as one statement goes: their places, or of tables
   *     over workers, where these are not known, the column that they are distributed by
   * @return how many there were
   */
  long delete(String table, String by, String condition) throws SQLException {
    // The condition once more: a place is one of each partition, and a row may have become later.
    String sql =
        """
        DELETE FROM %1$s
        WHERE %4$s = ANY (ARRAY(SELECT %4$s FROM %1$s WHERE %2$s LIMIT %3$d)) AND %2$s\
        """
            .formatted(table, condition, AT_ONCE, by);
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
