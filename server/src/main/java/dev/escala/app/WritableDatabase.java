package dev.escala.app;

import dev.escala.canary.MarkerKey;
import dev.escala.canary.MarkerStore;
import dev.escala.observe.Observer;
import dev.escala.postgres.PostgresDatabase;
import dev.escala.postgres.PostgresSettings;
import dev.escala.store.postgres.InventedBounds;
import dev.escala.store.postgres.PostgresStore;
import java.util.Optional;
import java.util.function.BiPredicate;

/** A database that is written to: the tables of topics in it, and the markers of the canary. */
record WritableDatabase(PostgresDatabase database, PostgresStore tables, MarkerStore markers)
    implements AutoCloseable {

  /**
   * Does not touch the database yet.
   *
   * @param noted whether the rows that are stored in a table, given its schema, are noted
   * @param invented what topics may make that no configuration names
   */
  static WritableDatabase open(
      PostgresSettings settings,
      BiPredicate<String, String> noted,
      InventedBounds invented,
      Optional<MarkerKey> markerKey,
      Observer observer) {
    PostgresDatabase database = PostgresDatabase.open(settings);
    return new WritableDatabase(
        database,
        new PostgresStore(database, noted, invented, observer),
        new MarkerStore(database, markerKey));
  }

  @Override
  public void close() {
    tables.close();
    database.close();
  }
}
