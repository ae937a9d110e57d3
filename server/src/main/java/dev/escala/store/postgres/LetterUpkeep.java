package dev.escala.store.postgres;

import dev.escala.model.OpenLetters;
import dev.escala.postgres.ConnectionWork;
import dev.escala.postgres.Connections;
import dev.escala.postgres.SqlState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts the dead letters of a database that are open, and deletes those that were kept for long
 * enough. Each call may throw a {@link dev.escala.store.StoreException}, where the database does
 * not answer.
 */
public final class LetterUpkeep {
  /** With their bodies: so that nobody waits for the connection, and a standby follows. */
  private static final int AT_ONCE = 500;

  /** Topics that anybody may invent have letters too. */
  private static final int MOST_GROUPS = 500;

  /** One step of the index for each pair of topic and reason, however many letters it has. */
  private static final String GROUPS =
      """
      WITH RECURSIVE groups AS (
        (SELECT topic, reason FROM escala.dead_letter
         WHERE status = 'new' ORDER BY topic, reason LIMIT 1)
        UNION ALL
        SELECT n.topic, n.reason
        FROM groups AS g CROSS JOIN LATERAL (
          SELECT topic, reason FROM escala.dead_letter
          WHERE status = 'new' AND (topic, reason) > (g.topic, g.reason)
          ORDER BY topic, reason LIMIT 1) AS n
      )\
      """;

  private static final String OPEN =
      GROUPS
          + """
          SELECT g.topic, g.reason,
                 (SELECT count(*) FROM (
                    SELECT FROM escala.dead_letter AS d
                    WHERE d.status = 'new' AND d.topic = g.topic AND d.reason = g.reason
                    LIMIT %d) AS counted),
                 (SELECT min(d.first_seen) FROM escala.dead_letter AS d
                  WHERE d.status = 'new' AND d.topic = g.topic AND d.reason = g.reason)
          FROM (SELECT topic, reason FROM groups LIMIT %d) AS g\
          """
              .formatted(OpenLetters.MOST, MOST_GROUPS);

  /**
   * What is being replayed has a lock, and stays. What was seen lately is looked at by somebody.
   */
  private static final String DUE_OPEN =
      GROUPS
          + """
          , due AS (
            SELECT d.id FROM groups AS g CROSS JOIN LATERAL (
              SELECT id FROM escala.dead_letter AS l
              WHERE l.status = 'new' AND l.topic = g.topic AND l.reason = g.reason
                AND l.first_seen < now() - make_interval(secs => %1$d)
                AND l.last_seen < now() - make_interval(secs => %1$d)
              ORDER BY l.first_seen LIMIT %2$d FOR UPDATE SKIP LOCKED) AS d
            LIMIT %2$d)\
          """;

  private static final String DUE_SETTLED =
      """
      WITH due AS (
        SELECT id FROM escala.dead_letter
        WHERE status IN ('resolved', 'discarded')
          AND coalesce(resolved_at, last_seen) < now() - make_interval(secs => %1$d)
        ORDER BY coalesce(resolved_at, last_seen) LIMIT %2$d FOR UPDATE SKIP LOCKED)\
      """;

  private static final String DELETE =
      " DELETE FROM escala.dead_letter WHERE id IN (SELECT id FROM due)";

  /** Another instance may be at it. */
  private static final String ALONE =
      "SELECT pg_try_advisory_xact_lock(hashtextextended('escala dead letters', 0))";

  private final Connections connections;

  /** Over connections for what takes a moment; does not touch the database yet. */
  LetterUpkeep(Connections connections) {
    this.connections = connections;
  }

  /** By topic and reason; the reading is bounded, whatever there is. */
  public List<OpenLetters> open() {
    return lend(
        connection -> {
          List<OpenLetters> open = new ArrayList<>();
          try (Statement statement = connection.createStatement();
              ResultSet answer = statement.executeQuery(OPEN)) {
            while (answer.next()) {
              open.add(
                  new OpenLetters(
                      answer.getString(1),
                      answer.getString(2),
                      answer.getLong(3),
                      answer.getTimestamp(4).toInstant()));
            }
          }
          return open;
        });
  }

  /**
   * How many letters were deleted because they were older than they are kept.
   *
   * @param open of which nobody did anything about
   * @param settled of which were resolved or discarded
   */
  public record Expired(long open, long settled) {
    public long all() {
      return open + settled;
    }
  }

  /** Deletes until none is left, or the thread is interrupted. */
  public Expired expire(LetterSettings settings) {
    return new Expired(
        delete(DUE_OPEN, settings.retain()), delete(DUE_SETTLED, settings.retainSettled()));
  }

  private long delete(String due, Duration age) {
    if (age.isZero()) {
      return 0; // for good: as an age it would be that of all letters
    }
    String sql = due.formatted(age.toSeconds(), AT_ONCE) + DELETE;
    long all = 0;
    int deleted = AT_ONCE;
    while (deleted >= AT_ONCE && !Thread.currentThread().isInterrupted()) {
      deleted = lend(connection -> alone(connection, sql));
      all += deleted;
    }
    return all;
  }

  private static int alone(Connection connection, String sql) throws SQLException {
    connection.setAutoCommit(false);
    int deleted = 0;
    try (Statement statement = connection.createStatement()) {
      try (ResultSet answer = statement.executeQuery(ALONE)) {
        if (!answer.next() || !answer.getBoolean(1)) {
          return 0;
        }
      }
      deleted = statement.executeUpdate(sql);
    }
    connection.commit();
    return deleted;
  }

  private <T> T lend(ConnectionWork<T> work) {
    try {
      return connections.lend(work);
    } catch (SQLException failure) {
      throw SqlState.unavailable(failure);
    }
  }
}
