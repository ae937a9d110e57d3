package dev.escala.store.postgres;

import dev.escala.decode.TableColumns;
import dev.escala.decode.TableIndex;
import dev.escala.decode.TopicSettings;
import dev.escala.model.SqlIdentifier;
import dev.escala.observe.Observation;
import dev.escala.observe.Observer;
import dev.escala.postgres.SqlState;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Builds the indexes that a table lacks, while rows go on being written. One that was begun and not
 * finished, by a process that stopped, is built anew.
 */
final class IndexBuilding {
  private final Connection connection;
  private final TopicSettings settings;
  private final TableColumns columns;
  private final LongStatement running;
  private final Observer observer;
  private final TableIndexes indexes;

  IndexBuilding(Upkeep upkeep, TopicSettings settings, TableColumns columns) {
    this.connection = upkeep.connection();
    this.settings = settings;
    this.columns = columns;
    this.running = upkeep.running();
    this.observer = upkeep.observer();
    this.indexes = new TableIndexes(settings);
  }

  boolean isDue() throws SQLException {
    return !indexes.missing(connection, columns).isEmpty();
  }

  /** Builds all of them; one that cannot be built is told. */
  void build() throws SQLException {
    for (TableIndex index : indexes.missing(connection, columns)) {
      String name = indexes.name(index);
      try {
        build(name, index);
      } catch (SQLException failure) {
        if (!SqlState.isMisconfigured(failure)) {
          throw failure;
        }
        String why = SqlState.unavailable(failure).detail();
        observer.observed(new Observation.IndexRefused(settings.table().toString(), name, why));
      }
    }
  }

  private void build(String name, TableIndex index) throws SQLException {
    long started = System.nanoTime();
    PartitionedIndex parts = new PartitionedIndex(connection, settings.table(), index, running);
    if (parts.isDue()) {
      parts.build(name);
    } else {
      if (indexes.isUnfinished(connection, name)) {
        String schema = SqlIdentifier.quote(settings.table().schema());
        running.execute(
            connection,
            "DROP INDEX CONCURRENTLY %s.%s".formatted(schema, SqlIdentifier.quote(name)));
      }
      running.execute(connection, indexes.create(index, true));
    }
    Duration took = Duration.ofNanos(System.nanoTime() - started);
    observer.observed(new Observation.IndexBuilt(settings.table().toString(), name, took));
  }
}
