package dev.escala.store.postgres;

import dev.escala.decode.Partition;
import dev.escala.decode.TopicSettings;
import dev.escala.observe.Observation;
import dev.escala.postgres.SqlState;
import dev.escala.store.postgres.Partitions.Made;
import dev.escala.store.postgres.Partitions.Part;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Makes the partitions of the days that come, moves what the default one has into partitions of its
 * own, and drops those whose time is over.
 */
final class PartitionUpkeep {
  private static final int AHEAD = 3;

  /** The default partition is counted so far. */
  private static final int MOST_STRAYS = 100_000;

  private final Upkeep upkeep;
  private final TopicSettings settings;
  private final Partition partition;
  private final Partitions partitions;

  private PartitionUpkeep(Upkeep upkeep, TopicSettings settings) {
    this.upkeep = upkeep;
    this.settings = settings;
    this.partition = settings.maintenance().partition();
    this.partitions = new Partitions(upkeep.connection(), settings);
  }

  /** Empty where the topic has none. */
  static Optional<PartitionUpkeep> of(Upkeep upkeep, TopicSettings settings) {
    return settings.maintenance().partition() == Partition.NONE
        ? Optional.empty()
        : Optional.of(new PartitionUpkeep(upkeep, settings));
  }

  /**
   * Makes and moves, and tells what is left.
   *
   * @param partitioned whether the table is partitioned by event time
   * @return whether nothing is left that goes by itself; else the table was in use
   */
  boolean make(boolean partitioned) throws SQLException {
    if (!partitioned) {
      refuse("it was made without; a table that is there is not partitioned by itself");
      return true;
    }
    try {
      Set<LocalDate> wanted = new TreeSet<>();
      LocalDate first = partition.start(Instant.now());
      for (int i = 0; i <= AHEAD; i++) {
        wanted.add(partition.after(first, i));
      }
      make(wanted);
      Optional<Part> rest = partitions.read().stream().filter(Part::isDefault).findFirst();
      if (rest.isPresent()) {
        make(strays(rest.get()));
        tell(rest.get());
      }
      return true;
    } catch (SQLException failure) {
      if (SqlState.isLocked(failure)) {
        return false;
      }
      if (!SqlState.isMisconfigured(failure)) {
        throw failure;
      }
      refuse(SqlState.unavailable(failure).detail());
      return true;
    }
  }

  private void refuse(String why) {
    String table = settings.table().toString();
    upkeep.observer().observed(new Observation.PartitionsRefused(table, why));
  }

  private void make(Set<LocalDate> starts) throws SQLException {
    int made = 0;
    for (LocalDate start : starts) {
      if (upkeep.running().isWanted()
          && partitions.make(start, 0, true, upkeep.lockTimeout()) == Made.MADE) {
        made++;
      }
    }
    if (made > 0) {
      String table = settings.table().toString();
      upkeep.observer().observed(new Observation.PartitionsMade(table, made));
    }
  }

  /** Of which days the default partition has rows. */
  private Set<LocalDate> strays(Part rest) throws SQLException {
    String sql =
        """
        SELECT DISTINCT (date_trunc('%s', "_event_time", 'UTC') AT TIME ZONE 'UTC')::date FROM %s
        WHERE "_event_time" >= '1900-01-01' AND "_event_time" < '2200-01-01' LIMIT %d\
        """
            .formatted(
                partition == Partition.MONTH ? "month" : "day", rest.name(), Partitions.MOST);
    Set<LocalDate> days = new TreeSet<>();
    try (Statement statement = upkeep.connection().createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        days.add(row.getObject(1, LocalDate.class));
      }
    }
    return days;
  }

  private void tell(Part rest) throws SQLException {
    String sql =
        "SELECT count(*) FROM (SELECT 1 FROM %s LIMIT %d) AS r".formatted(rest.name(), MOST_STRAYS);
    try (Statement statement = upkeep.connection().createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      if (row.next()) {
        upkeep
            .observer()
            .observed(new Observation.RowsWithoutPartition(settings.topic(), row.getLong(1)));
      }
    }
  }

  /**
   * Drops those whose rows are all older than that, by the clock of the database: one instance of
   * several may be mistaken.
   *
   * @return how many rows they had
   */
  long drop(Duration retain) throws SQLException {
    Instant before = now().minus(retain);
    long rows = 0;
    for (Part part : partitions.read()) {
      if (part.isBefore(before) && upkeep.running().isWanted()) {
        rows += drop(part);
      }
    }
    return rows;
  }

  private Instant now() throws SQLException {
    try (Statement statement = upkeep.connection().createStatement();
        ResultSet row = statement.executeQuery("SELECT now()")) {
      var _ = row.next();
      return row.getObject(1, OffsetDateTime.class).toInstant();
    }
  }

  private long drop(Part part) throws SQLException {
    long rows;
    try (Statement statement = upkeep.connection().createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM " + part.name())) {
      rows = row.next() ? row.getLong(1) : 0;
    }
    upkeep.change(changing -> Sql.execute(changing, "DROP TABLE " + part.name()));
    return rows;
  }

  /** The default partition, for SQL. */
  Optional<String> rest() throws SQLException {
    return partitions.read().stream().filter(Part::isDefault).map(Part::name).findFirst();
  }
}
