package dev.escala.store.postgres;

import dev.escala.decode.TopicSettings;
import dev.escala.observe.Observer;
import dev.escala.store.TopicStore;
import java.sql.SQLException;

/**
 * One database that rows are written to. Opens without it: connects and migrates with the first
 * work, and again as long as that fails.
 */
public final class PostgresStore implements AutoCloseable {
  private final Connections connections;
  private final Migrations migrations;
  private final Observer observer;

  private PostgresStore(StoreSettings settings, Observer observer) {
    this.connections = new Connections(settings);
    this.migrations = new Migrations(settings, connections);
    this.observer = observer;
  }

  /** Does not touch the database. */
  public static PostgresStore open(StoreSettings settings, Observer observer) {
    return new PostgresStore(settings, observer);
  }

  /** Where the messages of a topic go; the settings are those of one topic, not of all others. */
  public TopicStore topic(TopicSettings settings) {
    return new TopicStore(
        new PostgresTableShape(this, settings, observer),
        new PostgresTableWriter(this, settings, observer));
  }

  <T> T lend(Connections.Work<T> work) throws SQLException {
    migrations.ensure();
    return connections.lend(work);
  }

  @Override
  public void close() {
    connections.close();
  }
}
