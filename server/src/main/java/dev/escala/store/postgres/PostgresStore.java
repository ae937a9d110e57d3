package dev.escala.store.postgres;

import dev.escala.decode.MarkerKey;
import dev.escala.decode.TopicSettings;
import dev.escala.observe.Observer;
import dev.escala.store.Canaries;
import dev.escala.store.TopicStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * One database that rows are written to. Opens without it: connects and migrates with the first
 * work, and again as long as that fails.
 */
public final class PostgresStore implements AutoCloseable {
  private final Connections connections;
  private final Migrations migrations;
  private final PostgresCanaries canaries;
  private final Observer observer;

  private PostgresStore(StoreSettings settings, Optional<MarkerKey> markerKey, Observer observer) {
    this.connections = new Connections(settings, "escala-ingest");
    this.migrations = new Migrations(settings, connections);
    this.canaries = new PostgresCanaries(settings, migrations, markerKey);
    this.observer = observer;
  }

  /** Does not touch the database; markers of the canary are signed with the database's key. */
  public static PostgresStore open(StoreSettings settings, Observer observer) {
    return open(settings, Optional.empty(), observer);
  }

  /** Does not touch the database. */
  public static PostgresStore open(
      StoreSettings settings, Optional<MarkerKey> markerKey, Observer observer) {
    return new PostgresStore(settings, markerKey, observer);
  }

  /** What is wrong with the database or the rights of the login, in a sentence; changes nothing. */
  public static Optional<String> trouble(StoreSettings settings) {
    Connections connections = new Connections(settings, "escala-check");
    try {
      return connections.lend(PostgresStore::missingRight);
    } catch (SQLException failure) {
      return Optional.of(String.valueOf(SqlState.unavailable(failure).getMessage()));
    } finally {
      connections.close();
    }
  }

  private static Optional<String> missingRight(Connection connection) throws SQLException {
    String sql =
        """
        SELECT current_user,
               has_database_privilege(current_database(), 'CREATE')
               OR coalesce(has_schema_privilege(to_regnamespace('escala'), 'CREATE'), false)
        """;
    try (Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery(sql)) {
      var _ = answer.next();
      return answer.getBoolean(2)
          ? Optional.empty()
          : Optional.of(
              answer.getString(1)
                  + " may not create the schema escala; GRANT CREATE ON DATABASE, or create it for"
                  + " it");
    }
  }

  /** Where the messages of a topic go; the settings are those of one topic, not of all others. */
  public TopicStore topic(TopicSettings settings) {
    return new TopicStore(
        new PostgresTableShape(this, settings, observer),
        new PostgresTableWriter(this, settings, observer),
        canaries);
  }

  /** The markers of all topics of this database. */
  public Canaries canaries() {
    return canaries;
  }

  /**
   * Brings the schema {@code escala} to the version of this program.
   *
   * @return that version
   * @throws dev.escala.store.StoreException if the database refuses it
   */
  public String migrate() {
    try {
      return lend(Migrations::version);
    } catch (SQLException failure) {
      throw SqlState.unavailable(failure);
    }
  }

  <T> T lend(Connections.Work<T> work) throws SQLException {
    migrations.ensure();
    return connections.lend(work);
  }

  @Override
  public void close() {
    canaries.close();
    connections.close();
  }
}
