package dev.escala.postgres;

import dev.escala.store.StoreException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Asks the server that is written to about itself, over a connection that does nothing else. */
public final class ServerLook {
  private static final Duration PATIENCE = Duration.ofMillis(1_900);
  private static final String VITALS =
      """
      SELECT pg_catalog.pg_postmaster_start_time(), pg_catalog.now(),
             pg_catalog.pg_is_in_recovery()\
      """;

  private final Connections connections;

  /**
   * What a server says of itself.
   *
   * @param now by its clock
   */
  public record Answer(Instant startedAt, Instant now, boolean inRecovery) {}

  /** Of this database; does not touch it yet. */
  public ServerLook(PostgresDatabase database) {
    connections = database.beside("escala-look", PATIENCE);
  }

  /**
   * One look.
   *
   * @throws StoreException if it does not answer in time
   */
  public Answer look() {
    try {
      return connections.lend(ServerLook::answer);
    } catch (SQLException failure) {
      throw SqlState.unavailable(failure);
    }
  }

  private static Answer answer(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(VITALS)) {
      var _ = row.next();
      return new Answer(
          row.getObject(1, OffsetDateTime.class).toInstant(),
          row.getObject(2, OffsetDateTime.class).toInstant(),
          row.getBoolean(3));
    }
  }
}
