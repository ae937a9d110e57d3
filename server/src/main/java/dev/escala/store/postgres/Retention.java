package dev.escala.store.postgres;

import dev.escala.decode.TopicSettings;
import dev.escala.observe.Observation;
import dev.escala.postgres.SqlState;
import java.sql.SQLException;
import java.util.Optional;

/** Takes away rows whose event time is longer ago than they are retained. */
final class Retention {
  private final Upkeep upkeep;
  private final TopicSettings settings;

  private Retention(Upkeep upkeep, TopicSettings settings) {
    this.upkeep = upkeep;
    this.settings = settings;
  }

  /** Empty where rows are kept for good: then nothing here may ever be asked to delete. */
  static Optional<Retention> of(Upkeep upkeep, TopicSettings settings) {
    return settings.maintenance().expires()
        ? Optional.of(new Retention(upkeep, settings))
        : Optional.empty();
  }

  /**
   * Until none is left that goes: of a partition all rows go together, when the last is too old.
   *
   * @param found the table as it is
   * @return whether none is left; else the table was in use
   */
  boolean apply(TableCatalog.Found found) throws SQLException {
    String by = found.distributed() ? "\"_id\"" : RowExpiry.PLACE;
    Optional<PartitionUpkeep> partitions =
        found.partitioned() ? PartitionUpkeep.of(upkeep, settings) : Optional.empty();
    try {
      long rows =
          partitions.isPresent()
              ? partitioned(partitions.get(), by)
              : expire(TableCatalog.quoted(settings.table()), by);
      if (rows > 0) {
        upkeep.observer().observed(new Observation.RowsExpired(settings.topic(), rows));
      }
      return true;
    } catch (SQLException failure) {
      if (SqlState.isLocked(failure)) {
        return false;
      }
      throw failure;
    }
  }

  private long partitioned(PartitionUpkeep partitions, String by) throws SQLException {
    long rows = partitions.drop(settings.maintenance().retain());
    Optional<String> rest = partitions.rest();
    return rest.isPresent() ? rows + expire(rest.get(), by) : rows;
  }

  private long expire(String table, String by) throws SQLException {
    long seconds = settings.maintenance().retain().toSeconds();
    return new RowExpiry(upkeep)
        .delete(table, by, "\"_event_time\" < now() - interval '%d seconds'".formatted(seconds));
  }
}
