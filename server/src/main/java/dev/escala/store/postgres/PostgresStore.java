package dev.escala.store.postgres;

import dev.escala.decode.TopicSettings;
import dev.escala.model.TableVersions;
import dev.escala.observe.Observer;
import dev.escala.postgres.Connections;
import dev.escala.postgres.PostgresDatabase;
import dev.escala.store.TopicStore;
import java.time.Duration;

/** The tables of topics in one database. */
public final class PostgresStore implements AutoCloseable {
  private static final Duration LOOKING = Duration.ofSeconds(2);

  private final PostgresDatabase database;
  private final Connections changes;
  private final Observer observer;
  private final PostgresTableVersions versions;

  /** Does not touch the database yet. */
  public PostgresStore(PostgresDatabase database, Observer observer) {
    this.database = database;
    this.changes = database.beside("escala-changes", database.settings().statementTimeout());
    this.observer = observer;
    this.versions = new PostgresTableVersions(database.beside("escala-versions", LOOKING));
  }

  /** Where the messages of a topic go; the settings are those of one topic, not of all others. */
  public TopicStore topic(TopicSettings settings) {
    return new TopicStore(
        new PostgresTableShape(
            changes, database.settings().changeLockTimeout(), settings, observer),
        new PostgresTableWriter(
            database.writers(), settings, () -> versions.changed(settings.table()), observer));
  }

  /** Of the tables of all topics. */
  public TableVersions versions() {
    return versions;
  }

  /** Ends what looks after versions; the database is the caller's. */
  @Override
  public void close() {
    versions.close();
  }
}
