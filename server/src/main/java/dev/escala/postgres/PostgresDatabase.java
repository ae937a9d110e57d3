package dev.escala.postgres;

import dev.escala.store.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * One database that is written to. Opens without it: connects and migrates with the first work, and
 * again as long as that fails.
 */
public final class PostgresDatabase implements AutoCloseable {
  private final PostgresSettings settings;
  private final ConnectionPool writers;
  private final Migrations migrations;
  private final List<ConnectionPool> pools = new CopyOnWriteArrayList<>();

  private PostgresDatabase(PostgresSettings settings) {
    this.settings = settings;
    this.writers = new ConnectionPool(settings, "escala-ingest");
    this.migrations = new Migrations(settings, writers);
    pools.add(writers);
  }

  /** Does not touch the database. */
  public static PostgresDatabase open(PostgresSettings settings) {
    return new PostgresDatabase(settings);
  }

  public PostgresSettings settings() {
    return settings;
  }

  /** Those that rows are written with. */
  public Connections writers() {
    return new Connections(migrations, writers);
  }

  /**
   * One connection for work that must neither wait for rows nor delay them.
   *
   * @param application the name that PostgreSQL shows of it
   * @param limit of a statement, and of waiting for a lock
   */
  public Connections beside(String application, Duration limit) {
    ConnectionPool pool = new ConnectionPool(settings.beside(1, limit), application);
    pools.add(pool);
    return new Connections(migrations, pool);
  }

  /**
   * Brings the schema {@code escala} to the version of this program.
   *
   * @return that version
   * @throws StoreException if the database refuses it
   */
  public String migrate() {
    try {
      return writers().lend(Migrations::version);
    } catch (SQLException failure) {
      throw SqlState.unavailable(failure);
    }
  }

  /**
   * Looks at a database as it is: unlike a connection of an open one it migrates nothing.
   *
   * @throws StoreException if the database does not answer
   */
  public static <T> T look(PostgresSettings settings, ConnectionWork<T> work) {
    try (ConnectionPool pool = new ConnectionPool(settings, "escala-check")) {
      return pool.lend(work);
    } catch (SQLException failure) {
      throw SqlState.unavailable(failure);
    }
  }

  /** What is wrong with the database or the rights of the login, in a sentence; changes nothing. */
  public static Optional<String> trouble(PostgresSettings settings) {
    try (ConnectionPool pool = new ConnectionPool(settings, "escala-check")) {
      return pool.lend(PostgresDatabase::missingRight);
    } catch (SQLException failure) {
      return Optional.of(String.valueOf(SqlState.unavailable(failure).getMessage()));
    }
  }

  /** Which of these roles a login may not become, in a sentence that says what to do. */
  public static Optional<String> missingMembership(
      PostgresSettings settings, String login, Set<String> roles) {
    try (ConnectionPool pool = new ConnectionPool(settings, "escala-check")) {
      List<String> missing = pool.lend(connection -> notAMember(connection, login, roles));
      String names = String.join(", ", missing);
      return missing.isEmpty()
          ? Optional.empty()
          : Optional.of("%s may not become %s; GRANT %s TO %1$s".formatted(login, names, names));
    } catch (SQLException failure) {
      return Optional.of(String.valueOf(SqlState.unavailable(failure).getMessage()));
    }
  }

  private static List<String> notAMember(Connection connection, String login, Set<String> roles)
      throws SQLException {
    String sql =
        """
        SELECT wanted.role FROM unnest(?) AS wanted(role)
        WHERE NOT EXISTS (
          SELECT FROM pg_roles r, pg_roles l
          WHERE r.rolname = wanted.role AND l.rolname = ? AND pg_has_role(l.oid, r.oid, 'MEMBER'))
        """;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setArray(1, connection.createArrayOf("text", roles.toArray()));
      statement.setString(2, login);
      List<String> missing = new ArrayList<>();
      try (ResultSet answer = statement.executeQuery()) {
        while (answer.next()) {
          missing.add(answer.getString(1));
        }
      }
      return missing;
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

  @Override
  public void close() {
    pools.forEach(ConnectionPool::close);
  }
}
