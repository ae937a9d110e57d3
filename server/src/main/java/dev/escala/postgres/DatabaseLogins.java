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
import java.util.Optional;
import org.postgresql.PGConnection;

/**
 * Makes the logins that the server uses: one owns the database and makes its tables, one can only
 * read, and one answers requests where the owner is not to. They get the passwords that the server
 * will log in with, as hashes of SCRAM that are made here; where IAM stands in for a password,
 * none. May run again.
 */
public final class DatabaseLogins {
  private static final String READERS = "escala_reader";

  /** What the server needs in the schema escala to answer requests; the migrations give it. */
  static final String ANSWERING = "escala_api";

  /** Makes the logins, and is gone with the end of the transaction. */
  private static final String MAKER = "escala_prepare";

  /** On RDS: who has it logs in by IAM, and by nothing else. */
  private static final String BY_IAM = "rds_iam";

  /** Of all connections of the server, in percent. */
  private static final int SHARE_OF_READERS = 75;

  private final Connection connection;
  private final String administrator;

  private DatabaseLogins(Connection connection, String administrator) {
    this.connection = connection;
    this.administrator = administrator;
  }

  /**
   * Who logs in.
   *
   * @param password empty: whatever it has stays
   * @param byIam whether IAM stands in for a password
   */
  public record Login(String name, String password, boolean byIam) {
    /** Of a URL; without a password where IAM stands in for it. */
    public static Login of(DatabaseUrl url) {
      boolean byIam = "aws-iam".equals(url.parameters().get("login"));
      return new Login(url.user(), byIam ? "" : url.password(), byIam);
    }

    /** Without the password. */
    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * Makes what is missing, and sets the passwords.
   *
   * @param api for processes that only answer requests
   * @param administrator may make roles and owns the database, or is a superuser; may be the owner
   *     itself, whose password stays then, since it logged in
   * @throws StoreException with a sentence that says what the database refused
   */
  public static void prepare(
      DatabaseUrl administrator, Login owner, Login reader, Optional<Login> api) {
    try (ConnectionPool connections =
        new ConnectionPool(PostgresSettings.of(administrator), "escala-prepare")) {
      connections.lend(
          connection -> {
            connection.setAutoCommit(false);
            new DatabaseLogins(connection, administrator.user())
                .make(administrator.database(), owner, reader, api);
            connection.commit();
            return true;
          });
    } catch (SQLException refused) {
      throw new StoreException(
          ReturnReason.DATABASE_UNAVAILABLE,
          "",
          administrator + " cannot be prepared: " + refused.getMessage());
    }
  }

  /** In one transaction: what is refused half way leaves no role of the work behind. */
  private void make(String database, Login owning, Login reading, Optional<Login> answering)
      throws SQLException {
    boolean byIam = owning.byIam() || reading.byIam() || answering.filter(Login::byIam).isPresent();
    role(READERS, "NOLOGIN");
    if (byIam) {
      execute("CREATE ROLE %s CREATEROLE".formatted(MAKER));
      execute("GRANT %s TO CURRENT_USER".formatted(MAKER));
    }
    login(owning);
    login(reading);
    limit(reading.name());
    if (!mayGrant(owning.name(), READERS)) {
      grant(READERS, owning.name(), " WITH ADMIN OPTION");
    }
    grant(READERS, reading.name(), "");
    if (answering.isPresent()) {
      role(ANSWERING, "NOLOGIN");
      login(answering.get());
      grant(ANSWERING, answering.get().name(), "");
    }
    give(database, owning);
    execute("GRANT USAGE ON SCHEMA public TO " + READERS);
    if (byIam) {
      execute("DROP ROLE " + MAKER);
    }
  }

  private void login(Login login) throws SQLException {
    if (login.name().equals(administrator)) {
      return; // it logged in, and logs in as it did
    }
    if (login.byIam()) {
      byIam(login.name());
    } else {
      role(login.name(), "LOGIN");
      password(login);
    }
  }

  /**
   * PostgreSQL 16 and later make whoever makes a role a member of it, and RDS asks a member of a
   * login by IAM, however far away, for a token of IAM instead of the password. So it is made by a
   * role that is dropped at the end.
   */
  private void byIam(String login) throws SQLException {
    if (!exists(login)) {
      execute("SET ROLE " + MAKER);
      role(login, "LOGIN");
      grant(login, MAKER, "");
      execute("RESET ROLE");
    }
    if (exists(BY_IAM)) {
      grant(BY_IAM, login, "");
    }
  }

  private void give(String database, Login owner) throws SQLException {
    if (owns(database, owner.name())) {
      return;
    }
    if (!owner.byIam() && !owner.name().equals(administrator)) {
      // Only a member of the new owner may give the database away.
      execute("GRANT %s TO CURRENT_USER".formatted(SqlIdentifier.quote(owner.name())));
    }
    execute(
        "ALTER DATABASE %s OWNER TO %s"
            .formatted(SqlIdentifier.quote(database), SqlIdentifier.quote(owner.name())));
  }

  private boolean owns(String database, String owner) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT FROM pg_database WHERE datname = ? AND pg_get_userbyid(datdba) = ?")) {
      statement.setString(1, database);
      statement.setString(2, owner);
      return statement.executeQuery().next();
    }
  }

  /** Whoever made a role may grant it already, and PostgreSQL refuses to be told so again. */
  private boolean mayGrant(String owner, String role) throws SQLException {
    String sql =
        """
        SELECT FROM pg_roles r
        WHERE r.rolname = ? AND (r.rolsuper OR EXISTS (
          SELECT FROM pg_auth_members m
          WHERE m.roleid = ?::regrole AND m.member = r.oid AND m.admin_option))\
        """;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, owner);
      statement.setString(2, role);
      return statement.executeQuery().next();
    }
  }

  /** The text of it never leaves this process: logs of statements would keep it. */
  private void password(Login login) throws SQLException {
    if (!login.password().isEmpty()) {
      connection
          .unwrap(PGConnection.class)
          .alterUserPassword(login.name(), login.password().toCharArray(), "scram-sha-256");
    }
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
