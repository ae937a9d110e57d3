package dev.escala.decode;

import dev.escala.config.Section;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What is seen to beside the rows of a topic's table.
 *
 * @param indexes beside those that the table has for the key
 * @param rollups tables of aggregates of its rows
 * @param partition by what spans of time the rows stand apart
 * @param retain how old a row's event time may become before the row is deleted; zero: for good
 * @param distribution over which servers the rows stand
 * @param archive where closed partitions go before they are dropped
 */
public record Maintenance(
    List<TableIndex> indexes,
    List<Rollup> rollups,
    Partition partition,
    Duration retain,
    Distribution distribution,
    Optional<ArchiveSettings> archive) {
  /** Rows that are deleted sooner would hardly have been read. */
  private static final Duration SHORTEST = Duration.ofHours(1);

  /** A query that looks into all partitions locks all of them, and their indexes. */
  private static final Duration LONGEST_BY_DAY = Duration.ofDays(450);

  public Maintenance {
    indexes = List.copyOf(indexes);
    rollups = List.copyOf(rollups);
  }

  static Maintenance read(Section topic, TableName table, Dedup dedup) {
    Duration retain = topic.duration("retain", Duration.ZERO);
    if (!retain.isZero() && retain.compareTo(SHORTEST) < 0) {
      topic.reject("retain", "must be at least 1h, or 0s for good");
    }
    Partition partition = topic.choice("partition", Partition.NONE);
    if (partition != Partition.NONE && dedup.isByKey()) {
      topic.reject("partition", "needs dedup: key-time or window: no index spans partitions");
    }
    if (partition == Partition.DAY && retain.compareTo(LONGEST_BY_DAY) > 0) {
      topic.reject("partition", "must be month where rows are retained for so long");
    }
    Maintenance all =
        new Maintenance(
            TableIndex.read(topic),
            Rollup.read(topic, dedup),
            partition,
            retain,
            Distribution.read(topic),
            ArchiveSettings.read(topic, table, partition, retain));
    all.distribution().fit(topic, all);
    return all;
  }

  /** Whether rows are deleted once they are old, though nobody else has them. */
  public boolean expires() {
    return !retain.isZero() && archive.isEmpty();
  }

  /** Whether aggregates are kept of a column, whose type must not become one without them. */
  boolean isRolledUp(String column) {
    return rollups.stream().anyMatch(rollup -> rollup.sources().contains(column));
  }
}
