package dev.escala.store.postgres;

import dev.escala.postgres.ConnectionWork;
import dev.escala.postgres.Connections;
import dev.escala.postgres.PostgresDatabase;
import dev.escala.postgres.SqlState;
import dev.escala.store.Backfills;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/** In the table {@code escala.backfill}. */
public final class PostgresBackfills implements Backfills {
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final Connections connections;

  /** Over a connection of its own. */
  public PostgresBackfills(PostgresDatabase database) {
    this.connections = database.beside("escala-backfill", LONGEST);
  }

  @Override
  public Reached reached(String topic, String file) {
    return work(
        connection -> {
          try (PreparedStatement statement =
              connection.prepareStatement(
                  "SELECT messages, ended FROM escala.backfill WHERE topic = ? AND file = ?")) {
            statement.setString(1, topic);
            statement.setString(2, file);
            try (ResultSet row = statement.executeQuery()) {
              return row.next() ? new Reached(row.getLong(1), row.getBoolean(2)) : Reached.NOTHING;
            }
          }
        });
  }

  @Override
  public void reached(String topic, String file, Reached reached) {
    String sql =
        """
        INSERT INTO escala.backfill AS b (topic, file, messages, ended) VALUES (?, ?, ?, ?)
        ON CONFLICT (topic, file) DO UPDATE
          SET messages = EXCLUDED.messages, ended = EXCLUDED.ended, updated_at = now()
        """;
    var _ =
        work(
            connection -> {
              try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, topic);
                statement.setString(2, file);
                statement.setLong(3, reached.messages());
                statement.setBoolean(4, reached.ended());
                return statement.executeUpdate();
              }
            });
  }

  private <T> T work(ConnectionWork<T> work) {
    try {
      return connections.lend(work);
    } catch (SQLException failure) {
      throw SqlState.unavailable(failure);
    }
  }
}
