package dev.escala.store.postgres;

import dev.escala.decode.TopicSettings;
import dev.escala.observe.Observer;
import dev.escala.postgres.Connections;
import dev.escala.postgres.PostgresDatabase;
import dev.escala.store.TopicStore;

/** The tables of topics in one database. */
public final class PostgresStore {
  private final PostgresDatabase database;
  private final Connections changes;
  private final Observer observer;

  /** Does not touch the database yet. */
  public PostgresStore(PostgresDatabase database, Observer observer) {
    this.database = database;
    this.changes = database.beside("escala-changes", database.settings().statementTimeout());
    this.observer = observer;
  }

  /** Where the messages of a topic go; the settings are those of one topic, not of all others. */
  public TopicStore topic(TopicSettings settings) {
    return new TopicStore(
        new PostgresTableShape(
            changes, database.settings().changeLockTimeout(), settings, observer),
        new PostgresTableWriter(database.writers(), settings, observer));
  }
}
