package dev.escala.postgres;

import dev.escala.config.DatabaseUrl;
import dev.escala.model.ReturnReason;
import dev.escala.model.SqlIdentifier;
import dev.escala.store.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Makes the two logins that the server uses: one owns the database and makes its tables, one can
 * only read. They get no passwords: an administrator sets them, or IAM stands in for them. May run
 * again.
 */
public final class DatabaseLogins {
  private static final String READERS = "escala_reader";

  /** On RDS: who has it logs in by IAM. */
  private static final String BY_IAM = "rds_iam";

  /** Of all connections of the server, in percent. */
  private static final int SHARE_OF_READERS = 75;

  private final Connection connection;

  private DatabaseLogins(Connection connection) {
    this.connection = connection;
  }

  /**
   * Makes what is missing.
   *
   * @param administrator may make roles and owns the database, or is a superuser
   * @throws StoreException with a sentence that says what the database refused
   */
  public static void prepare(DatabaseUrl administrator, String owner, String reader) {
    try (ConnectionPool connections =
        new ConnectionPool(PostgresSettings.of(administrator), "escala-prepare")) {
      connections.lend(
          connection -> {
            new DatabaseLogins(connection).make(administrator.database(), owner, reader);
            return true;
          });
    } catch (SQLException refused) {
      throw new StoreException(
          ReturnReason.DATABASE_UNAVAILABLE,
          "",
          administrator + " cannot be prepared: " + refused.getMessage());
    }
  }

  private void make(String database, String owner, String reader) throws SQLException {
    role(READERS, "NOLOGIN");
    role(owner, "LOGIN");
    role(reader, "LOGIN");
    limit(reader);
    grant(READERS, owner, " WITH ADMIN OPTION");
    grant(READERS, reader, "");
    if (exists(BY_IAM)) {
      grant(BY_IAM, owner, "");
      grant(BY_IAM, reader, "");
    }
    // Only a member of the new owner may give the database away.
    execute("GRANT %s TO CURRENT_USER".formatted(SqlIdentifier.quote(owner)));
    execute(
        "ALTER DATABASE %s OWNER TO %s"
            .formatted(SqlIdentifier.quote(database), SqlIdentifier.quote(owner)));
    execute("GRANT USAGE ON SCHEMA public TO " + READERS);
  }

  private void role(String name, String kind) throws SQLException {
    if (!exists(name)) {
      execute("CREATE ROLE %s %s".formatted(SqlIdentifier.quote(name), kind));
    }
  }

  /**
   * What runs under the login of readers leaves connections to those who write, and ends by itself
   * where no server of Escala set a time. A limit that somebody chose stays.
   */
  private void limit(String reader) throws SQLException {
    if (!isUnlimited(reader)) {
      return;
    }
    String role = "ALTER ROLE " + SqlIdentifier.quote(reader);
    execute(role + " CONNECTION LIMIT " + mostConnections() * SHARE_OF_READERS / 100);
    execute(role + " SET statement_timeout = '60s'");
    execute(role + " SET idle_in_transaction_session_timeout = '60s'");
  }

  private boolean isUnlimited(String role) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT FROM pg_roles WHERE rolname = ? AND rolconnlimit < 0")) {
      statement.setString(1, role);
      return statement.executeQuery().next();
    }
  }

  private int mostConnections() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet setting =
            statement.executeQuery("SELECT current_setting('max_connections')::int")) {
      setting.next();
      return setting.getInt(1);
    }
  }

  private void grant(String role, String to, String option) throws SQLException {
    execute(
        "GRANT %s TO %s%s".formatted(SqlIdentifier.quote(role), SqlIdentifier.quote(to), option));
  }

  private boolean exists(String role) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT FROM pg_roles WHERE rolname = ?")) {
      statement.setString(1, role);
      return statement.executeQuery().next();
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
