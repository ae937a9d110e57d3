package dev.escala.store.postgres;

import dev.escala.decode.TopicSettings;
import dev.escala.postgres.Connections;
import dev.escala.postgres.SqlState;
import dev.escala.store.ArchiveStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** In the tables {@code escala.archive} and {@code escala.archive_change}. */
final class PostgresArchive implements ArchiveStore {
  private final Connections connections;
  private final Connections changes;
  private final Duration lockTimeout;
  private final TopicSettings settings;

  /**
   * Does not touch the database yet.
   *
   * @param connections one, on which rows are read for as long as that takes
   * @param changes those that tables are changed over
   */
  PostgresArchive(
      Connections connections, Connections changes, Duration lockTimeout, TopicSettings settings) {
    this.connections = connections;
    this.changes = changes;
    this.lockTimeout = lockTimeout;
    this.settings = settings;
  }

  @Override
  public <T> Optional<T> alone(Work<T> work) throws IOException {
    try {
      return connections.lend(connection -> alone(connection, work));
    } catch (SQLException failure) {
      throw SqlState.unavailable(failure);
    } catch (UncheckedIOException failure) {
      throw failure.getCause();
    }
  }

  private <T> Optional<T> alone(Connection connection, Work<T> work) throws SQLException {
    if (!answers(connection, "pg_try_advisory_lock")) {
      return Optional.empty();
    }
    try {
      return Optional.of(work.with(new PostgresParts(connection, changes, lockTimeout, settings)));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } finally {
      var _ = answers(connection, "pg_advisory_unlock");
    }
  }

  private boolean answers(Connection connection, String function) throws SQLException {
    String sql = "SELECT %s(hashtextextended(?, 0))".formatted(function);
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, "escala archive " + settings.table());
      try (ResultSet answer = statement.executeQuery()) {
        return answer.next() && answer.getBoolean(1);
      }
    }
  }
}
