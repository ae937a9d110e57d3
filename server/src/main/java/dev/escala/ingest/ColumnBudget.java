package dev.escala.ingest;

import dev.escala.decode.ColumnChange;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How many new columns the messages of a topic may bring in an hour: whoever publishes must not use
 * up in a moment what the table has room for.
 */
final class ColumnBudget {
  static final int AN_HOUR = 250;
  private static final long HOUR = Duration.ofHours(1).toNanos();

  private final LongSupplier nanoTime;

  /** When each was granted, the earliest first. */
  private final Map<String, Long> granted = new LinkedHashMap<>();

  ColumnBudget(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Grants all columns that are asked for, or none; those granted lately may be asked for again.
   */
  synchronized boolean grants(List<ColumnChange> changes) {
    long now = nanoTime.getAsLong();
    granted.values().removeIf(since -> now - since >= HOUR);
    List<String> wanted =
        changes.stream()
            .filter(ColumnChange.Add.class::isInstance)
            .map(ColumnChange::column)
            .filter(column -> !granted.containsKey(column))
            .distinct()
            .toList();
    if (granted.size() + wanted.size() > AN_HOUR) {
      return false;
    }
    wanted.forEach(column -> granted.put(column, now));
    return true;
  }
}
