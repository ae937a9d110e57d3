package dev.escala.store.postgres;

import dev.escala.decode.Dedup;
import dev.escala.decode.TopicSettings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The keys that a table with {@code dedup: window} has seen of late, apart from its rows: a table
 * of its own, in which each is once.
 */
final class SeenKeys {
  /** Where the rows stand on workers, and their keys as well. */
  static final String DISTRIBUTED = "escala.seen_key_distributed";

  /** Names, since a table has another number on each worker. Made by one topic at a time. */
  static final String CREATE_DISTRIBUTED =
      """
      SELECT pg_advisory_xact_lock(hashtextextended('escala seen keys', 0));
      CREATE TABLE IF NOT EXISTS escala.seen_key_distributed (
        relation text        NOT NULL,
        key      text        NOT NULL,
        seen_at  timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (relation, key)
      );
      CREATE INDEX IF NOT EXISTS seen_key_distributed_time
        ON escala.seen_key_distributed USING brin (seen_at)\
      """;

  /** Read first, and looked up then: by the coordinator alone, which knows all names. */
  private static final String GONE =
      """
      WITH seen AS MATERIALIZED (SELECT DISTINCT relation FROM escala.seen_key_distributed)
      SELECT relation FROM seen WHERE to_regclass(relation) IS NULL\
      """;

  private SeenKeys() {}

  /**
   * Begins a statement: its rows as {@code u}, and the keys that are new as {@code seen}. Whoever
   * brings the same key at the same time waits here for the other's commit.
   *
   * @param rows that are named u
   * @param key of such a row
   */
  static String remember(TopicSettings settings, String rows, String key) {
    return """
    u AS MATERIALIZED (SELECT * FROM %s),
    seen AS (
      INSERT INTO %s (relation, key)
      SELECT %s, %s::text FROM u
      ON CONFLICT DO NOTHING RETURNING key
    ),
    """
        .formatted(rows, table(settings), relation(settings), key);
  }

  private static boolean distributed(TopicSettings settings) {
    return settings.maintenance().distribution().byKey();
  }

  private static String table(TopicSettings settings) {
    return distributed(settings) ? DISTRIBUTED : "escala.seen_key";
  }

  private static String relation(TopicSettings settings) {
    String name = "'" + TableCatalog.quoted(settings.table()).replace("'", "''") + "'";
    return distributed(settings) ? name : name + "::regclass";
  }

  /** Forgets those that were seen longer ago than the window, and those of tables that are gone. */
  static void forget(Upkeep upkeep, TopicSettings settings) throws SQLException {
    if (settings.dedup().mode() != Dedup.Mode.WINDOW) {
      return;
    }
    RowExpiry expiry = new RowExpiry(upkeep);
    String by = distributed(settings) ? "key" : RowExpiry.PLACE;
    String old =
        "relation = %s AND seen_at < now() - interval '%d seconds'"
            .formatted(relation(settings), settings.dedup().window().toSeconds());
    long _ = expiry.delete(table(settings), by, old);
    if (distributed(settings)) {
      forgetGone(upkeep.connection());
    } else {
      long _ = expiry.delete("escala.seen_key", by, "relation NOT IN (SELECT oid FROM pg_class)");
    }
  }

  private static void forgetGone(Connection connection) throws SQLException {
    try (Statement asking = connection.createStatement();
        ResultSet gone = asking.executeQuery(GONE)) {
      while (gone.next()) {
        forget(connection, gone.getString(1));
      }
    }
  }

  /** Forgets the keys of a distributed table, by its name for SQL. */
  static void forget(Connection connection, String relation) throws SQLException {
    try (PreparedStatement deleting =
        connection.prepareStatement("DELETE FROM escala.seen_key_distributed WHERE relation = ?")) {
      deleting.setString(1, relation);
      deleting.executeUpdate();
    }
  }

  /** What to insert from: the rows whose keys are new. */
  static String unseen(String key) {
    return "u JOIN seen ON seen.key = %s::text".formatted(key);
  }
}
