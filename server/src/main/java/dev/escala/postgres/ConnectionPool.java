package dev.escala.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import com.zaxxer.hikari.util.Credentials;
import dev.escala.config.DatabaseUrl;
import dev.escala.login.DatabaseLogin;
import dev.escala.login.LoginException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.Semaphore;

/** Lends connections of one kind, in autocommit mode; opens them when they are first needed. */
final class ConnectionPool implements AutoCloseable {
  /** bool, int2, int4, int8, float4, float8, numeric, text, timestamp, tz, date, uuid, jsonb. */
  private static final String BINARY_ARRAYS =
      "1000,1005,1007,1016,1021,1022,1231,1009,1115,1185,1182,2951,3807";

  /** While a database is away the pool tries for so long before it says so. */
  private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(2);

  /** What was seen of a server is forgotten after a second: a failover takes not much longer. */
  private static final String CHOICE = "?targetServerType=primary&hostRecheckSeconds=1";

  private final PostgresSettings settings;
  private final HikariDataSource pool;

  /**
   * Whoever waits for others to finish waits here: the pool's own patience is for a database that
   * is away.
   */
  private final Semaphore free;

  /** The name is what PostgreSQL shows of each connection. */
  ConnectionPool(PostgresSettings settings, String application) {
    this.settings = settings;
    this.free = new Semaphore(settings.writers(), true);
    DatabaseLogin login = DatabaseLogin.of(settings.url());
    HikariConfig config = new HikariConfig();
    config.setPoolName(application);
    config.setJdbcUrl(jdbcUrl(settings.url()));
    config.setDataSourceProperties(properties(settings, application));
    config.setCredentialsProvider(() -> Credentials.of(settings.url().user(), login.password()));
    config.setExceptionOverride(new Evictions());
    config.setMaximumPoolSize(settings.writers());
    config.setMinimumIdle(0);
    config.setInitializationFailTimeout(-1);
    config.setConnectionTimeout(CONNECT_PATIENCE.toMillis());
    config.setThreadFactory(Thread.ofVirtual().name(application + "-pool").factory());
    this.pool = new HikariDataSource(config);
  }

  /** After which failures a connection is as good as before, and after which it is not. */
  private static final class Evictions implements SQLExceptionOverride {
    @java.lang.Override
    public SQLExceptionOverride.Override adjudicate(SQLException failure) {
      return switch (failure.getSQLState()) {
        // So PostgreSQL refuses some changes of a table; the pool takes the connection for lost.
        case "0A000" -> SQLExceptionOverride.Override.DO_NOT_EVICT;
        // The server only reads: it is not the primary, or not any more.
        case "25006" -> SQLExceptionOverride.Override.MUST_EVICT;
        case null, default -> SQLExceptionOverride.Override.CONTINUE_EVICT;
      };
    }
  }

  private static Properties properties(PostgresSettings settings, String application) {
    Properties properties = new Properties();
    properties.putAll(settings.url().parameters());
    properties.putIfAbsent("connectTimeout", "5");
    properties.setProperty("ApplicationName", application);
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("prepareThreshold", "2");
    properties.setProperty("binaryTransferEnable", BINARY_ARRAYS);
    // Longer than the server's own limit, which gives the better error.
    properties.setProperty(
        "socketTimeout", Long.toString(settings.statementTimeout().toSeconds() + 10));
    properties.setProperty(
        "options",
        "-c statement_timeout=%d -c lock_timeout=%d -c TimeZone=UTC"
            .formatted(settings.statementTimeout().toMillis(), settings.lockTimeout().toMillis()));
    return properties;
  }

  <T> T lend(ConnectionWork<T> work) throws SQLException {
    free.acquireUninterruptibly();
    try (Connection connection = connection()) {
      return work.with(connection);
    } finally {
      free.release();
    }
  }

  /** Fails with what hinders the connection, not with the pool's word that there is none. */
  private Connection connection() throws SQLException {
    try {
      return pool.getConnection();
    } catch (SQLTransientConnectionException none) {
      throw switch (none.getCause()) {
        case SQLException cause -> cause;
        case LoginException cause -> unreachable(cause);
        case null, default -> none;
      };
    }
  }

  PostgresSettings settings() {
    return settings;
  }

  /** Connections that are lent are closed when they come back. */
  @Override
  public void close() {
    pool.close();
  }

  /** Of a connection that is opened now. */
  static String password(DatabaseUrl url) throws SQLException {
    try {
      return DatabaseLogin.of(url).password();
    } catch (LoginException nothing) {
      throw unreachable(nothing);
    }
  }

  private static SQLException unreachable(LoginException nothing) {
    return new SQLException(String.valueOf(nothing.getMessage()), "08001", nothing);
  }

  /** Of several servers it leads to the one that takes writes, whichever it is by now. */
  static String jdbcUrl(DatabaseUrl url) {
    String database = URLEncoder.encode(url.database(), StandardCharsets.UTF_8);
    String choice = url.servers().size() > 1 ? CHOICE : "";
    return "jdbc:postgresql://%s/%s%s".formatted(url.hosts(), database, choice);
  }
}
