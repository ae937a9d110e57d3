package dev.escala.store.postgres;

import dev.escala.decode.TableIndex;
import dev.escala.decode.TableName;
import dev.escala.decode.TopicSettings;
import dev.escala.model.SqlIdentifier;
import dev.escala.observe.Observation;
import dev.escala.observe.Observer;
import dev.escala.postgres.Connections;
import dev.escala.postgres.SqlState;
import dev.escala.store.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Builds the indexes that tables lack, one after another, while rows go on being read and written.
 * One that was begun and not finished, by a process that stopped, is built anew.
 */
final class IndexBuilding implements AutoCloseable {
  /** A large table takes hours; what hangs for a day does not end. */
  static final Duration LONGEST = Duration.ofDays(1);

  /** Columns come in groups; a change of the table is not to wait for an index of it. */
  private static final Duration SETTLING = Duration.ofSeconds(1);

  /** While the database is away, or another instance builds. */
  private static final Duration AGAIN = Duration.ofSeconds(30);

  private final Connections connections;
  private final Observer observer;
  private final Set<TableName> due = ConcurrentHashMap.newKeySet();
  private final ScheduledThreadPoolExecutor builder =
      new ScheduledThreadPoolExecutor(1, Thread.ofVirtual().name("indexes").factory());
  private volatile @Nullable Statement running;

  IndexBuilding(Connections connections, Observer observer) {
    this.connections = connections;
    this.observer = observer;
    builder.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** The table of the topic may lack some. */
  void due(TopicSettings settings) {
    if (new TableIndexes(settings).any()) {
      due(settings, SETTLING);
    }
  }

  private void due(TopicSettings settings, Duration time) {
    if (!builder.isShutdown() && due.add(settings.table())) {
      var _ = builder.schedule(() -> build(settings), time.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void build(TopicSettings settings) {
    due.remove(settings.table());
    try {
      boolean tried = connections.lend(connection -> build(connection, settings));
      if (!tried) {
        due(settings, AGAIN);
      }
    } catch (SQLException away) {
      due(settings, AGAIN); // writes say so
    } catch (StoreException unfit) {
      // Writes say so too; a table that is put right is looked at again when it changes.
    } catch (RuntimeException bug) {
      observer.observed(
          new Observation.TaskFailed("indexes of the table of " + settings.topic(), bug));
    }
  }

  /** Says whether it was tried; else another instance is at it. */
  private boolean build(Connection connection, TopicSettings settings) throws SQLException {
    Optional<TableCatalog.Found> found = TableCatalog.read(connection, settings);
    if (found.isEmpty()) {
      return true;
    }
    TableIndexes indexes = new TableIndexes(settings);
    if (indexes.missing(connection, found.get().columns()).isEmpty()) {
      return true;
    }
    // Waiting for it would be a transaction that the other's index waits for.
    if (!answers(connection, "pg_try_advisory_lock", settings)) {
      return false;
    }
    try {
      for (TableIndex index : indexes.missing(connection, found.get().columns())) {
        build(connection, settings, indexes, index);
      }
    } finally {
      var _ = answers(connection, "pg_advisory_unlock", settings);
    }
    return true;
  }

  private void build(
      Connection connection, TopicSettings settings, TableIndexes indexes, TableIndex index)
      throws SQLException {
    String name = indexes.name(index);
    long started = System.nanoTime();
    try {
      if (indexes.isUnfinished(connection, name)) {
        execute(
            connection,
            "DROP INDEX CONCURRENTLY %s.%s"
                .formatted(
                    SqlIdentifier.quote(settings.table().schema()), SqlIdentifier.quote(name)));
      }
      execute(connection, indexes.create(index, true));
      Duration took = Duration.ofNanos(System.nanoTime() - started);
      observer.observed(new Observation.IndexBuilt(settings.table().toString(), name, took));
    } catch (SQLException failure) {
      if (!SqlState.isMisconfigured(failure)) {
        throw failure;
      }
      String why = SqlState.unavailable(failure).detail();
      observer.observed(new Observation.IndexRefused(settings.table().toString(), name, why));
    }
  }

  private void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      running = statement;
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    } finally {
      running = null;
    }
  }

  private static boolean answers(Connection connection, String function, TopicSettings settings)
      throws SQLException {
    String sql = "SELECT %s(hashtextextended(?, 0))".formatted(function);
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, "escala indexes " + settings.table());
      try (ResultSet answer = statement.executeQuery()) {
        return answer.next() && answer.getBoolean(1);
      }
    }
  }

  /** What is being built is given up, and built anew by whoever comes next. */
  @Override
  public void close() {
    builder.shutdown();
    Statement statement = running;
    if (statement != null) {
      try {
        statement.cancel();
      } catch (SQLException ended) {
        // as it should
      }
    }
  }
}
