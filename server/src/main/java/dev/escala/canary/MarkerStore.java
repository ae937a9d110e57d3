package dev.escala.canary;

import dev.escala.postgres.ConnectionWork;
import dev.escala.postgres.Connections;
import dev.escala.postgres.PostgresDatabase;
import dev.escala.postgres.SqlState;
import dev.escala.store.MessageWriter;
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
 * The markers of the canary in one database, in the table {@code escala.canary} apart from all rows
 * of topics. They have a connection of their own: the canary must neither wait for a large batch
 * nor delay one.
 *
 * <p>Each call may throw a {@link dev.escala.store.StoreException}, where the database does not
 * answer.
 */
public final class MarkerStore {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final Connections connections;
  private final Optional<MarkerKey> configured;
  private volatile @Nullable MarkerKey kept;

  /** Markers are signed with the configured key, else with one that the database keeps. */
  public MarkerStore(PostgresDatabase database, Optional<MarkerKey> configured) {
    this.connections = database.beside("escala-canary", LIMIT);
    this.configured = configured;
  }

  /** Takes the markers out of what is written to a topic; the others go to its rows. */
  public MessageWriter before(MessageWriter rows) {
    return new MarkerWriter(this, rows);
  }

  /** What markers are signed with that are stored here; the same for all instances. */
  MarkerKey key() {
    if (configured.isPresent()) {
      return configured.get();
    }
    MarkerKey known = kept;
    if (known == null) {
      known = lend(MarkerStore::readKey);
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

  /** Stores a marker, and says whether it is the first of its number. */
  boolean store(Marker marker) {
    return lend(connection -> MarkerTable.insert(connection, marker));
  }

  /** The markers of a canary and a topic from this number on, in their order. */
  List<StoredMarker> since(String topic, UUID canary, long seq) {
    return lend(connection -> MarkerTable.since(connection, topic, canary, seq));
  }

  /** Deletes markers that are stored for longer, a bounded number of them; says how many. */
  public int expire(Duration age) {
    return lend(connection -> MarkerTable.expire(connection, age));
  }

  private <T> T lend(ConnectionWork<T> work) {
    try {
      return connections.lend(work);
    } catch (SQLException failure) {
      throw SqlState.unavailable(failure);
    }
  }
}
