package dev.escala.access;

import dev.escala.model.Action;
import dev.escala.model.Limits;
import dev.escala.model.Rights;
import dev.escala.postgres.ConnectionWork;
import dev.escala.postgres.Connections;
import dev.escala.postgres.Notices;
import dev.escala.postgres.PostgresDatabase;
import dev.escala.postgres.SqlState;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * The keys of callers, in the table {@code escala.api_key} of one database. Each call blocks, and
 * may throw a {@link dev.escala.store.StoreException} where the database does not answer.
 */
public final class ApiKeyStore {
  /** Between two looks at the keys, where no notice comes. */
  static final Duration POLL = Duration.ofSeconds(2);

  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final String CHANNEL = "escala_keys";
  private static final String COLUMNS =
      """
      SELECT id, name, role, may, databases, relations, topics, per_second,
             max_rows, max_cost, created_at, expires_at, revoked_at, hash
      FROM escala.api_key\
      """;

  private final Connections connections;

  public ApiKeyStore(PostgresDatabase database) {
    connections = database.beside("escala-keys", LIMIT);
  }

  /** What a new key is to be; the id and the times are given to it. */
  public record Wanted(
      String name,
      @Nullable String role,
      Rights rights,
      @Nullable Integer perSecond,
      @Nullable Instant expiresAt) {}

  /** A key with what its secret is compared with. */
  @SuppressWarnings("ArrayRecordComponent") // compared in constant time, never by equals
  record Hashed(ApiKey key, byte[] hash) {}

  /** Makes a key, and gives its text, which is nowhere else. */
  public String create(Wanted wanted) {
    KeySecret secret = KeySecret.random();
    lend(
        connection -> {
          insert(connection, secret, wanted);
          Notices.tell(connection, CHANNEL);
          return true;
        });
    return secret.text();
  }

  private static void insert(Connection connection, KeySecret secret, Wanted wanted)
      throws SQLException {
    String sql =
        """
        INSERT INTO escala.api_key
          (id, name, hash, role, may, databases, relations, topics, per_second, expires_at,
           max_rows, max_cost)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """;
    Rights rights = wanted.rights();
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setString(1, secret.id());
      insert.setString(2, wanted.name());
      insert.setBytes(3, secret.hash());
      insert.setString(4, wanted.role());
      insert.setArray(5, array(connection, words(rights.may())));
      insert.setArray(6, array(connection, rights.databases()));
      insert.setArray(7, array(connection, rights.relations()));
      insert.setArray(8, array(connection, rights.topics()));
      insert.setObject(9, wanted.perSecond());
      insert.setObject(10, offset(wanted.expiresAt()));
      insert.setObject(11, limit(rights.limits().maxRows()));
      insert.setObject(12, limit(rights.limits().maxCost()));
      insert.executeUpdate();
    }
  }

  private static @Nullable Long limit(long most) {
    return most == Long.MAX_VALUE ? null : most;
  }

  private static @Nullable OffsetDateTime offset(@Nullable Instant time) {
    return time == null ? null : time.atOffset(ZoneOffset.UTC);
  }

  private static Set<String> words(Set<Action> may) {
    return may.stream()
        .map(action -> action.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.toSet());
  }

  private static Array array(Connection connection, Collection<String> texts) throws SQLException {
    return connection.createArrayOf("text", texts.toArray());
  }

  /** All of them, also those that open nothing any more; the latest first. */
  public List<ApiKey> all() {
    return lend(ApiKeyStore::read).values().stream()
        .map(Hashed::key)
        .sorted((one, other) -> other.createdAt().compareTo(one.createdAt()))
        .toList();
  }

  /** From now on it opens nothing. False where there is none, or it was revoked before. */
  public boolean revoke(String id) {
    return lend(
        connection -> {
          String sql =
              "UPDATE escala.api_key SET revoked_at = now() WHERE id = ? AND revoked_at IS NULL";
          try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setString(1, id);
            boolean isRevoked = update.executeUpdate() > 0;
            Notices.tell(connection, CHANNEL);
            return isRevoked;
          }
        });
  }

  /** Gives the keys by their id at once, and again whenever they may have changed. */
  void watch(Watcher watcher) {
    lend(
        connection -> {
          Notices.hear(connection, CHANNEL);
          PGConnection notices = connection.unwrap(PGConnection.class);
          while (watcher.goesOn(read(connection))) {
            var _ = notices.getNotifications(Math.toIntExact(POLL.toMillis()));
          }
          return true;
        });
  }

  /** Takes the keys. */
  interface Watcher {
    /** Whether it wants them again. */
    boolean goesOn(Map<String, Hashed> keys);
  }

  private static Map<String, Hashed> read(Connection connection) throws SQLException {
    Map<String, Hashed> keys = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(COLUMNS)) {
      while (row.next()) {
        keys.put(row.getString("id"), new Hashed(key(row), row.getBytes("hash")));
      }
    }
    return keys;
  }

  private static ApiKey key(ResultSet row) throws SQLException {
    Set<Action> may =
        texts(row, "may").stream()
            .map(word -> Action.valueOf(word.toUpperCase(Locale.ROOT)))
            .collect(Collectors.toSet());
    return new ApiKey(
        row.getString("id"),
        row.getString("name"),
        row.getString("role"),
        new Rights(
            may,
            texts(row, "databases"),
            texts(row, "relations"),
            texts(row, "topics"),
            new Limits(most(row, "max_rows"), most(row, "max_cost"))),
        row.getObject("per_second", Integer.class),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        time(row, "expires_at"),
        time(row, "revoked_at"));
  }

  private static Set<String> texts(ResultSet row, String column) throws SQLException {
    return Set.of((String[]) row.getArray(column).getArray());
  }

  private static long most(ResultSet row, String column) throws SQLException {
    Long most = row.getObject(column, Long.class);
    return most == null ? Long.MAX_VALUE : most;
  }

  private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  private <T> T lend(ConnectionWork<T> work) {
    try {
      return connections.lend(work);
    } catch (SQLException failure) {
      throw SqlState.unavailable(failure);
    }
  }
}
