package dev.escala.app;

import dev.escala.canary.MarkerKey;
import dev.escala.canary.MarkerStore;
import dev.escala.observe.Observer;
import dev.escala.postgres.PostgresDatabase;
import dev.escala.postgres.PostgresSettings;
import dev.escala.store.postgres.PostgresStore;
import java.util.Optional;

/** A database that is written to: the tables of topics in it, and the markers of the canary. */
record WritableDatabase(PostgresDatabase database, PostgresStore tables, MarkerStore markers)
    implements AutoCloseable {

  /** Does not touch the database yet. */
  static WritableDatabase open(
      PostgresSettings settings, Optional<MarkerKey> markerKey, Observer observer) {
    PostgresDatabase database = PostgresDatabase.open(settings);
    return new WritableDatabase(
        database, new PostgresStore(database, observer), new MarkerStore(database, markerKey));
  }

  @Override
  public void close() {
    tables.close();
    database.close();
  }
}
