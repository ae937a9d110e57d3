package dev.escala.store.postgres;

import dev.escala.decode.TopicSettings;
import dev.escala.observe.Observation;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Optional;

/** Deletes rows whose event time is longer ago than they are retained, a few thousand at a time. */
final class RowExpiry {
  /** So that no transaction is long, and a standby follows. */
  private static final int AT_ONCE = 5_000;

  private final Upkeep upkeep;
  private final TopicSettings settings;

  private RowExpiry(Upkeep upkeep, TopicSettings settings) {
    this.upkeep = upkeep;
    this.settings = settings;
  }

  /** Empty where rows are kept for good: then nothing here may ever be asked to delete. */
  static Optional<RowExpiry> of(Upkeep upkeep, TopicSettings settings) {
    return settings.maintenance().expires()
        ? Optional.of(new RowExpiry(upkeep, settings))
        : Optional.empty();
  }

  /** Until none is left. */
  void delete() throws SQLException {
    // The condition once more: a place is one of each partition, and a row may have become later.
    String sql =
        """
        DELETE FROM %1$s
        WHERE ctid = ANY (ARRAY(SELECT ctid FROM %1$s WHERE %2$s LIMIT %3$d)) AND %2$s\
        """
            .formatted(table(), expired(), AT_ONCE);
    long all = 0;
    try (PreparedStatement statement = upkeep.connection().prepareStatement(sql)) {
      int deleted = AT_ONCE;
      while (deleted >= AT_ONCE && upkeep.running().isWanted()) {
        deleted = statement.executeUpdate();
        all += deleted;
      }
    }
    if (all > 0) {
      upkeep.observer().observed(new Observation.RowsExpired(settings.topic(), all));
    }
  }

  private String table() {
    return TableCatalog.quoted(settings.table());
  }

  private String expired() {
    return "\"_event_time\" < now() - interval '%d seconds'"
        .formatted(settings.maintenance().retain().toSeconds());
  }
}
