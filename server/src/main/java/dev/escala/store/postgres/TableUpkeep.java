package dev.escala.store.postgres;

import dev.escala.decode.TableColumns;
import dev.escala.decode.TopicSettings;
import dev.escala.observe.Observation;
import dev.escala.observe.Observer;
import dev.escala.postgres.Connections;
import dev.escala.store.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Makes what tables are to have beside their columns, and what takes long: indexes and rollups; and
 * deletes rows that are too old. One table after another, by one instance, while rows go on being
 * read and written.
 */
final class TableUpkeep implements AutoCloseable {
  /** A large table takes hours; what hangs for a day does not end. */
  static final Duration LONGEST = Duration.ofDays(1);

  /** Columns come in groups; a change of the table is not to wait for an index of it. */
  private static final Duration SETTLING = Duration.ofSeconds(1);

  /** Between two looks for rows that are too old. */
  private static final Duration BETWEEN_EXPIRIES = Duration.ofMinutes(10);

  /** While the database is away, or another instance is at it. */
  private static final Duration AGAIN = Duration.ofSeconds(30);

  private final Connections connections;
  private final Connections changes;
  private final Duration lockTimeout;
  private final Observer observer;
  private final LongStatement running = new LongStatement();
  private final Map<TopicSettings, ScheduledFuture<?>> due = new ConcurrentHashMap<>();
  private final ScheduledThreadPoolExecutor worker =
      new ScheduledThreadPoolExecutor(1, Thread.ofVirtual().name("upkeep of tables").factory());

  /**
   * Does nothing before a table is due.
   *
   * @param connections one, for what takes long
   * @param changes those that tables are changed over, for what takes a moment
   * @param lockTimeout how long a change waits for its lock
   */
  TableUpkeep(
      Connections connections, Connections changes, Duration lockTimeout, Observer observer) {
    this.connections = connections;
    this.changes = changes;
    this.lockTimeout = lockTimeout;
    this.observer = observer;
    worker.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    worker.setRemoveOnCancelPolicy(true);
  }

  /** The table of the topic may lack something, or have what is not wanted any more. */
  void due(TopicSettings settings) {
    due(settings, SETTLING);
  }

  /** At the earlier of two times: what changes now does not wait for a look that comes later. */
  private void due(TopicSettings settings, Duration time) {
    var _ =
        due.compute(
            settings,
            (topic, pending) -> {
              long millis = time.toMillis();
              if (worker.isShutdown()
                  || (pending != null && pending.getDelay(TimeUnit.MILLISECONDS) <= millis)) {
                return pending;
              }
              if (pending != null) {
                pending.cancel(false);
              }
              return worker.schedule(() -> look(settings), millis, TimeUnit.MILLISECONDS);
            });
  }

  private void look(TopicSettings settings) {
    due.remove(settings);
    try {
      boolean isDue = changes.lend(connection -> isDue(connection, settings));
      boolean done = !isDue || connections.lend(connection -> look(connection, settings));
      if (!done) {
        due(settings, AGAIN);
      } else if (settings.isSeenToRegularly()) {
        due(settings, BETWEEN_EXPIRIES);
      }
    } catch (SQLException away) {
      due(settings, AGAIN); // writes say so
    } catch (StoreException unfit) {
      // Writes say so too; a table that is put right is looked at again when it changes.
    } catch (RuntimeException bug) {
      observer.observed(
          new Observation.TaskFailed("upkeep of the table of " + settings.topic(), bug));
    }
  }

  /** A moment's work, so that a table that lacks nothing takes no connection of its own. */
  private boolean isDue(Connection connection, TopicSettings settings) throws SQLException {
    Optional<TableCatalog.Found> found = TableCatalog.read(connection, settings);
    if (found.isEmpty()) {
      return false;
    }
    Upkeep upkeep = upkeep(connection);
    TableColumns columns = found.get().columns();
    // Whether rows are too old may take a look at all of them.
    return settings.isSeenToRegularly()
        || isUndistributed(settings, found.get())
        || new IndexBuilding(upkeep, settings, columns).isDue()
        || new RollupBuilding(upkeep, settings, columns).isDue();
  }

  private static boolean isUndistributed(TopicSettings settings, TableCatalog.Found found) {
    return settings.maintenance().distribution().byKey() && !found.distributed();
  }

  private Upkeep upkeep(Connection connection) {
    return new Upkeep(connection, changes, lockTimeout, running, observer);
  }

  /** Says whether all was done or tried; else another instance is at it. */
  private boolean look(Connection connection, TopicSettings settings) throws SQLException {
    Optional<TableCatalog.Found> found = TableCatalog.read(connection, settings);
    if (found.isEmpty()) {
      return true;
    }
    // Waiting for it would be a transaction that the other's index waits for.
    if (!answers(connection, "pg_try_advisory_lock", settings)) {
      return false;
    }
    try {
      Upkeep upkeep = upkeep(connection);
      TableColumns columns = found.get().columns();
      boolean partitioned = found.get().partitioned();
      Optional<PartitionUpkeep> partitions = PartitionUpkeep.of(upkeep, settings);
      if (isUndistributed(settings, found.get())) {
        observer.observed(
            new Observation.DistributionRefused(
                settings.table().toString(),
                "it was made without; escala topics distribute %s moves its rows"
                    .formatted(settings.topic())));
      }
      boolean done = partitions.isEmpty() || partitions.get().make(partitioned);
      new IndexBuilding(upkeep, settings, columns).build();
      RollupBuilding rollups = new RollupBuilding(upkeep, settings, columns);
      done &= rollups.build();
      Optional<Retention> retention = Retention.of(upkeep, settings);
      if (retention.isPresent() && rollups.areComplete()) { // what is not counted is not deleted
        done &= retention.get().apply(found.get());
      }
      SeenKeys.forget(upkeep, settings);
      return done;
    } finally {
      var _ = answers(connection, "pg_advisory_unlock", settings);
    }
  }

  private static boolean answers(Connection connection, String function, TopicSettings settings)
      throws SQLException {
    String sql = "SELECT %s(hashtextextended(?, 0))".formatted(function);
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, "escala upkeep " + settings.table());
      try (ResultSet answer = statement.executeQuery()) {
        return answer.next() && answer.getBoolean(1);
      }
    }
  }

  /** What is being made is given up, and made anew by whoever comes next. */
  @Override
  public void close() {
    worker.shutdown();
    running.cancel();
  }
}
