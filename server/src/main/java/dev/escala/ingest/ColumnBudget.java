package dev.escala.ingest;

import dev.escala.decode.ColumnChange;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How many columns the messages of a topic may add or make others of in an hour: whoever publishes
 * must not use up in a moment what the table has room for, nor have it written anew all the time.
 */
final class ColumnBudget {
  static final int AN_HOUR = 250;
  private static final long HOUR = Duration.ofHours(1).toNanos();

  private final LongSupplier nanoTime;

  /** When each was granted, the earliest first. */
  private final Map<Wanted, Long> granted = new LinkedHashMap<>();

  private record Wanted(String column, boolean isNew) {
    static Wanted of(ColumnChange change) {
      return new Wanted(change.column(), change instanceof ColumnChange.Add);
    }
  }

  ColumnBudget(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Grants all changes that are asked for, or none; those granted lately may be asked for again.
   */
  synchronized boolean grants(List<ColumnChange> changes) {
    long now = nanoTime.getAsLong();
    granted.values().removeIf(since -> now - since >= HOUR);
    List<Wanted> wanted =
        changes.stream()
            .map(Wanted::of)
            .filter(change -> !granted.containsKey(change))
            .distinct()
            .toList();
    if (granted.size() + wanted.size() > AN_HOUR) {
      return false;
    }
    wanted.forEach(change -> granted.put(change, now));
    return true;
  }
}
