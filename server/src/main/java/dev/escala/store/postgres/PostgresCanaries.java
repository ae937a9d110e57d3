package dev.escala.store.postgres;

import dev.escala.decode.MarkerKey;
import dev.escala.store.Canaries;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The markers in the table {@code escala.canary}. They are looked for over a connection of their
 * own to where rows are written: the canary must neither wait for a large batch nor delay one.
 */
final class PostgresCanaries implements Canaries, AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final Migrations migrations;
  private final Connections connections;
  private final Optional<MarkerKey> configured;
  private volatile @Nullable MarkerKey kept;

  PostgresCanaries(StoreSettings settings, Migrations migrations, Optional<MarkerKey> configured) {
    this.migrations = migrations;
    this.connections =
        new Connections(new StoreSettings(settings.url(), 1, LIMIT, LIMIT), "escala-canary");
    this.configured = configured;
  }

  @Override
  public MarkerKey key() {
    if (configured.isPresent()) {
      return configured.get();
    }
    MarkerKey known = kept;
    if (known == null) {
      known = lend(PostgresCanaries::readKey);
      kept = known;
    }
    return known;
  }

  private static MarkerKey readKey(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet key = statement.executeQuery("SELECT key FROM escala.canary_key")) {
      var _ = key.next();
      return MarkerKey.of(key.getBytes(1));
    }
  }

  @Override
  public List<StoredMarker> since(String topic, UUID canary, long seq) {
    return lend(connection -> CanaryTable.since(connection, topic, canary, seq));
  }

  @Override
  public int expire(Duration age) {
    return lend(connection -> CanaryTable.expire(connection, age));
  }

  private <T> T lend(Connections.Work<T> work) {
    try {
      migrations.ensure();
      return connections.lend(work);
    } catch (SQLException failure) {
      throw SqlState.unavailable(failure);
    }
  }

  @Override
  public void close() {
    connections.close();
  }
}
