package dev.escala.decode;

import dev.escala.config.Section;
import java.time.Duration;
import java.util.List;

/**
 * What is seen to beside the rows of a topic's table.
 *
 * @param indexes beside those that the table has for the key
 * @param rollups tables of aggregates of its rows
 * @param retain how old a row's event time may become before the row is deleted; zero: for good
 */
public record Maintenance(List<TableIndex> indexes, List<Rollup> rollups, Duration retain) {
  /** Rows that are deleted sooner would hardly have been read. */
  private static final Duration SHORTEST = Duration.ofHours(1);

  public Maintenance {
    indexes = List.copyOf(indexes);
    rollups = List.copyOf(rollups);
  }

  static Maintenance read(Section topic, Dedup dedup) {
    Duration retain = topic.duration("retain", Duration.ZERO);
    if (!retain.isZero() && retain.compareTo(SHORTEST) < 0) {
      topic.reject("retain", "must be at least 1h, or 0s for good");
    }
    return new Maintenance(TableIndex.read(topic), Rollup.read(topic, dedup), retain);
  }

  /** Whether rows are deleted once they are old. */
  public boolean expires() {
    return !retain.isZero();
  }

  /** Whether aggregates are kept of a column, whose type must not become one without them. */
  boolean isRolledUp(String column) {
    return rollups.stream().anyMatch(rollup -> rollup.sources().contains(column));
  }
}
