package dev.escala.store.postgres;

import dev.escala.config.DatabaseUrl;
import dev.escala.login.DatabaseLogin;
import dev.escala.login.LoginException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Properties;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/** Keeps a few connections; one that failed is closed and replaced when needed. */
final class Connections implements AutoCloseable {
  /** bool, int2, int4, int8, float4, float8, numeric, text, timestamp, tz, date, uuid, jsonb. */
  private static final String BINARY_ARRAYS =
      "1000,1005,1007,1016,1021,1022,1231,1009,1115,1185,1182,2951,3807";

  private static final long TRUSTED_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final int VALIDATION_SECONDS = 2;

  private final StoreSettings settings;
  private final DatabaseLogin login;
  private final String application;
  private final Semaphore free;
  private final Deque<Idle> idle = new ArrayDeque<>();
  private boolean closed;

  private record Idle(Connection connection, long sinceNanos) {

    /** One that was used a moment ago needs no round trip to be trusted. */
    boolean usable() throws SQLException {
      return System.nanoTime() - sinceNanos < TRUSTED_NANOS
          || connection.isValid(VALIDATION_SECONDS);
    }
  }

  /** Work with a connection. */
  interface Work<T> {
    T with(Connection connection) throws SQLException;
  }

  /** The name is what PostgreSQL shows of each connection. */
  Connections(StoreSettings settings, String application) {
    this.settings = settings;
    this.login = DatabaseLogin.of(settings.url());
    this.application = application;
    this.free = new Semaphore(settings.writers(), true);
  }

  /** Lends a connection in autocommit mode. */
  <T> T lend(Work<T> work) throws SQLException {
    free.acquireUninterruptibly();
    try {
      Connection connection = take();
      boolean sound = false;
      try {
        T result = work.with(connection);
        sound = connection.getAutoCommit();
        return result;
      } finally {
        giveBack(connection, sound);
      }
    } finally {
      free.release();
    }
  }

  private Connection take() throws SQLException {
    for (Idle next = poll(); next != null; next = poll()) {
      if (next.usable()) {
        return next.connection();
      }
      closeQuietly(next.connection());
    }
    return connect();
  }

  private @Nullable Idle poll() {
    synchronized (idle) {
      return idle.poll();
    }
  }

  private void giveBack(Connection connection, boolean sound) {
    if (sound) {
      synchronized (idle) {
        if (!closed) {
          idle.push(new Idle(connection, System.nanoTime()));
          return;
        }
      }
    }
    closeQuietly(connection);
  }

  private Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.putAll(settings.url().parameters());
    properties.putIfAbsent("connectTimeout", "5");
    properties.setProperty("user", settings.url().user());
    properties.setProperty("password", password());
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
    Connection connection = new Driver().connect(jdbcUrl(), properties);
    if (connection == null) {
      throw new SQLException("the driver does not accept " + settings.url(), "08001");
    }
    return connection;
  }

  /** Of a connection that is opened now. */
  String password() throws SQLException {
    try {
      return login.password();
    } catch (LoginException nothing) {
      throw new SQLException(String.valueOf(nothing.getMessage()), "08001", nothing);
    }
  }

  String jdbcUrl() {
    DatabaseUrl url = settings.url();
    return "jdbc:postgresql://%s:%d/%s"
        .formatted(
            url.host(), url.port(), URLEncoder.encode(url.database(), StandardCharsets.UTF_8));
  }

  /** Connections that are lent are closed when they come back. */
  @Override
  public void close() {
    synchronized (idle) {
      closed = true;
      idle.forEach(unused -> closeQuietly(unused.connection()));
      idle.clear();
    }
  }

  private static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException broken) {
      // gone either way
    }
  }
}
