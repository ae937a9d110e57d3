package dev.escala.store.postgres;

import dev.escala.decode.Dedup;
import dev.escala.decode.TableName;
import dev.escala.decode.TopicSettings;
import java.sql.SQLException;

/**
 * The keys that a table with {@code dedup: window} has seen of late, apart from its rows: a table
 * of its own, in which each is once.
 */
final class SeenKeys {
  private SeenKeys() {}

  /**
   * Begins a statement: its rows as {@code u}, and the keys that are new as {@code seen}. Whoever
   * brings the same key at the same time waits here for the other's commit.
   *
   * @param rows that are named u
   * @param key of such a row
   */
  static String remember(TableName table, String rows, String key) {
    return """
    u AS MATERIALIZED (SELECT * FROM %s),
    seen AS (
      INSERT INTO escala.seen_key (relation, key)
      SELECT '%s'::regclass, %s::text FROM u
      ON CONFLICT DO NOTHING RETURNING key
    ),
    """
        .formatted(rows, TableCatalog.quoted(table).replace("'", "''"), key);
  }

  /** Forgets those that were seen longer ago than the window, and those of tables that are gone. */
  static void forget(Upkeep upkeep, TopicSettings settings) throws SQLException {
    if (settings.dedup().mode() == Dedup.Mode.WINDOW) {
      String table = TableCatalog.quoted(settings.table()).replace("'", "''");
      String old =
          "relation = '%s'::regclass AND seen_at < now() - interval '%d seconds'"
              .formatted(table, settings.dedup().window().toSeconds());
      RowExpiry expiry = new RowExpiry(upkeep);
      long _ = expiry.delete("escala.seen_key", old);
      long _ = expiry.delete("escala.seen_key", "relation NOT IN (SELECT oid FROM pg_class)");
    }
  }

  /** What to insert from: the rows whose keys are new. */
  static String unseen(String key) {
    return "u JOIN seen ON seen.key = %s::text".formatted(key);
  }
}
