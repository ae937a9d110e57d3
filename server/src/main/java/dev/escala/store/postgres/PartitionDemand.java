package dev.escala.store.postgres;

import dev.escala.decode.Decoded;
import dev.escala.decode.Partition;
import dev.escala.decode.TopicSettings;
import dev.escala.observe.Observation;
import dev.escala.observe.Observer;
import dev.escala.postgres.Connections;
import dev.escala.postgres.SqlState;
import dev.escala.store.TableWriter.Item;
import dev.escala.store.postgres.Partitions.Made;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sees to it that rows find partitions of their own, whatever their times are. What finds none goes
 * to the default one, and is moved later.
 */
final class PartitionDemand {
  /** Left for the days that come, so that times that somebody invents do not take all. */
  private static final int RESERVED = 20;

  /** Where others hold the table up, writes do not wait once more. */
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final Connections changes;
  private final Duration lockTimeout;
  private final TopicSettings settings;
  private final Runnable left;
  private final Observer observer;

  /** First days of partitions that are there, or cannot be made. */
  private final Set<LocalDate> known = ConcurrentHashMap.newKeySet();

  private final AtomicLong againNanos = new AtomicLong(System.nanoTime());

  /**
   * Asks the database when rows come.
   *
   * @param left told when rows find no partition, and are to be moved
   */
  PartitionDemand(
      Connections changes,
      Duration lockTimeout,
      TopicSettings settings,
      Runnable left,
      Observer observer) {
    this.changes = changes;
    this.lockTimeout = lockTimeout;
    this.settings = settings;
    this.left = left;
    this.observer = observer;
  }

  /** Makes what is missing, as far as that goes at once. */
  void require(List<Item> items) throws SQLException {
    if (settings.maintenance().partition() == Partition.NONE) {
      return;
    }
    Set<LocalDate> missing = missing(items);
    if (missing.isEmpty() || System.nanoTime() - againNanos.get() < 0) {
      return;
    }
    Map<Made, Integer> became = new EnumMap<>(Made.class);
    try {
      for (LocalDate start : missing) {
        var _ = became.merge(make(start), 1, Integer::sum);
        known.add(start);
      }
    } catch (SQLException failure) {
      if (!SqlState.isLocked(failure) && !SqlState.isMisconfigured(failure)) {
        throw failure;
      }
      againNanos.set(System.nanoTime() + PAUSE.toNanos());
    }
    int made = became.getOrDefault(Made.MADE, 0);
    if (made > 0) {
      observer.observed(new Observation.PartitionsMade(settings.table().toString(), made));
    }
    if (made + became.getOrDefault(Made.THERE, 0) < missing.size()) {
      left.run();
    }
  }

  private Made make(LocalDate start) throws SQLException {
    return changes.lend(
        connection ->
            new Partitions(connection, settings).make(start, RESERVED, false, lockTimeout));
  }

  private Set<LocalDate> missing(List<Item> items) {
    Partition partition = settings.maintenance().partition();
    Set<LocalDate> missing = new TreeSet<>();
    for (Item item : items) {
      if (item.decoded() instanceof Decoded.Fits fits) {
        LocalDate start = partition.start(fits.row().eventTime());
        if (Partitions.mayHave(start) && !known.contains(start)) {
          missing.add(start);
        }
      }
    }
    return missing;
  }

  /** The table may be another one by now. */
  void forget() {
    known.clear();
  }
}
