package dev.escala.store.postgres;

import dev.escala.decode.TableName;
import dev.escala.model.TableVersions;
import dev.escala.postgres.Connections;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The versions of the tables of topics in one database: asked for a few times a second as long as
 * somebody wants to know, and at once after what this process wrote itself. What triggers of the
 * tables noted is summed up; see the migration that made them.
 */
final class PostgresTableVersions implements TableVersions, AutoCloseable {
  static final String TRIGGER = "escala_changed";

  private static final Duration WANTED = Duration.ofMinutes(10);
  private static final Duration BETWEEN = Duration.ofMillis(250);
  private static final Duration UNWANTED_BETWEEN = Duration.ofMinutes(1);

  /** After a commit of this process others may follow. */
  private static final Duration AFTER_COMMIT = Duration.ofMillis(20);

  /** What another process committed is seen by then. */
  private static final long MOST_AGE_NANOS = Duration.ofSeconds(1).toNanos();

  /** So many notes are summed up to one for each table. */
  private static final int MOST_NOTES = 1_000;

  private static final String SNAPSHOT = "SELECT pg_current_snapshot()::text";

  /**
   * Only of tables whose rows are all their own, whose every change is noted, and whose rows are
   * the same to everybody. The columns count as well: a name that changes is a change.
   */
  private static final String VERSIONS =
      """
      SELECT n.nspname, c.relname,
             concat_ws('.', c.oid, c.relfilenode, t.number,
                       (SELECT sum(a.xmin::text::bigint)
                        FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0))
      FROM (SELECT relation, sum(number) AS number
            FROM escala.table_change GROUP BY relation) t
      JOIN pg_class c ON c.oid = t.relation
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_trigger g ON g.tgrelid = c.oid AND g.tgname = ? AND g.tgenabled = 'A'
      WHERE c.relkind = 'r' AND NOT c.relrowsecurity AND NOT c.relhassubclass\
      """;

  private static final String SURPLUS =
      "SELECT count(*) - count(DISTINCT relation) FROM escala.table_change";

  /** One process does it; of tables that are gone nothing is left. */
  private static final String SUM_UP =
      """
      WITH gone AS (
        DELETE FROM escala.table_change
        WHERE pg_try_advisory_xact_lock(hashtextextended('escala table changes', 0))
        RETURNING relation, number)
      INSERT INTO escala.table_change (relation, number)
      SELECT relation, sum(number) FROM gone
      WHERE EXISTS (SELECT FROM pg_class c WHERE c.oid = relation)
      GROUP BY relation\
      """;

  private final Connections connections;
  private final ConcurrentMap<Table, Long> committedNanos = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();

  private volatile Known known = new Known(System.nanoTime(), "", Map.of());
  private volatile long wantedNanos = System.nanoTime() - WANTED.toNanos();

  // Guarded by the lock.
  private boolean started;
  private boolean closed;
  private long dueNanos;

  /**
   * What the database said.
   *
   * @param askedNanos when it had not been asked yet
   * @param snapshot at which; as long as it is the same, nothing was committed
   */
  private record Known(long askedNanos, String snapshot, Map<Table, String> versions) {}

  private record Table(String schema, String name) {}

  PostgresTableVersions(Connections connections) {
    this.connections = connections;
  }

  @Override
  public Optional<String> of(String schema, String table) {
    long now = System.nanoTime();
    boolean wasWanted = isWanted(now);
    wantedNanos = now;
    if (!wasWanted) {
      lookWithin(Duration.ZERO);
    }
    Known latest = known;
    if (now - latest.askedNanos() > MOST_AGE_NANOS) {
      return Optional.empty();
    }
    Table asked = new Table(schema, table);
    Long committed = committedNanos.get(asked);
    return committed != null && latest.askedNanos() - committed < 0
        ? Optional.empty()
        : Optional.ofNullable(latest.versions().get(asked));
  }

  /** Something was committed by this process, whose clients see it from now on. */
  void changed(TableName table) {
    committedNanos.put(new Table(table.schema(), table.table()), System.nanoTime());
    lookWithin(isWanted(System.nanoTime()) ? AFTER_COMMIT : UNWANTED_BETWEEN);
  }

  private boolean isWanted(long now) {
    return now - wantedNanos < WANTED.toNanos();
  }

  private void lookWithin(Duration time) {
    lock.lock();
    try {
      long due = System.nanoTime() + time.toNanos();
      if (!started && !closed) {
        started = true;
        dueNanos = due;
        Thread.ofVirtual().name("versions of tables").start(this::run);
      } else if (due - dueNanos < 0) {
        dueNanos = due;
        woken.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (awaitDue()) {
      try {
        known = connections.lend(this::look);
      } catch (SQLException | RuntimeException unreachable) {
        // Reads and writes say so; versions are unknown until it answers.
      }
    }
  }

  /** False at the end. */
  private boolean awaitDue() {
    lock.lock();
    try {
      for (long left = left(); left > 0 && !closed; left = left()) {
        var _ = woken.awaitNanos(left);
      }
      long now = System.nanoTime();
      dueNanos = now + (isWanted(now) ? BETWEEN : UNWANTED_BETWEEN).toNanos();
      return !closed;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  private long left() {
    return dueNanos - System.nanoTime();
  }

  private Known look(Connection connection) throws SQLException {
    long asked = System.nanoTime();
    String snapshot = one(connection, SNAPSHOT);
    if (snapshot.equals(known.snapshot())) {
      return new Known(asked, snapshot, known.versions());
    }
    Map<Table, String> versions = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(VERSIONS)) {
      statement.setString(1, TRIGGER);
      try (ResultSet found = statement.executeQuery()) {
        while (found.next()) {
          versions.put(new Table(found.getString(1), found.getString(2)), found.getString(3));
        }
      }
    }
    if (Long.parseLong(one(connection, SURPLUS)) > MOST_NOTES) {
      sumUp(connection);
    }
    return new Known(asked, snapshot, Map.copyOf(versions));
  }

  private static String one(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery(sql)) {
      var _ = answer.next();
      return answer.getString(1);
    }
  }

  private static void sumUp(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(SUM_UP);
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      woken.signal();
    } finally {
      lock.unlock();
    }
  }
}
