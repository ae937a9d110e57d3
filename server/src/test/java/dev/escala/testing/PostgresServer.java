package dev.escala.testing;

import dev.escala.config.DatabaseUrl;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** One real PostgreSQL for all tests of a JVM; each test class takes a database of its own. */
public final class PostgresServer {
  private static final AtomicInteger DATABASES = new AtomicInteger();
  private static final PostgresServer SHARED = new PostgresServer();

  private final EmbeddedPostgres postgres;

  private PostgresServer() {
    try {
      postgres =
          EmbeddedPostgres.builder()
              .setPGStartupWait(StoppablePostgres.START_LIMIT)
              .setServerConfig("max_connections", "300")
              .setServerConfig("timezone", "UTC")
              // It ends with the JVM: nothing has to outlive a crash, and nothing lives to be
              // vacuumed.
              .setServerConfig("fsync", "off")
              .setServerConfig("full_page_writes", "off")
              .setServerConfig("autovacuum", "off")
              .start();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** A new, empty database on the shared server. */
  public static Database newDatabase() {
    String name = "test_" + DATABASES.incrementAndGet();
    Database database = new Database(url(name));
    new Database(url("postgres")).execute("CREATE DATABASE " + name);
    return database;
  }

  private static DatabaseUrl url(String database) {
    return new DatabaseUrl(
        "localhost", SHARED.postgres.getPort(), database, "postgres", "postgres", Map.of());
  }

  /** A database, and plain SQL on it for arranging and asserting. */
  public record Database(DatabaseUrl url) {

    public Connection connect() throws SQLException {
      return DriverManager.getConnection(
          "jdbc:postgresql://" + url.host() + ":" + url.port() + "/" + url.database(),
          url.user(),
          url.password());
    }

    public void execute(String sql) {
      try (Connection connection = connect();
          Statement statement = connection.createStatement()) {
        statement.execute(sql);
      } catch (SQLException failure) {
        throw new IllegalStateException(sql, failure);
      }
    }

    /** Drops roles, which belong to all databases of a server, where they are there. */
    public void dropRoles(List<String> roles) {
      for (String role : roles) {
        execute(
            """
            DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '%1$s') THEN
              DROP OWNED BY %1$s; DROP ROLE %1$s; END IF; END $$\
            """
                .formatted(role));
      }
    }

    /** The rows as texts, columns separated by {@code |}, null as empty text. */
    public List<String> rows(String sql) {
      try (Connection connection = connect();
          Statement statement = connection.createStatement();
          ResultSet result = statement.executeQuery(sql)) {
        List<String> rows = new ArrayList<>();
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
          List<String> values = new ArrayList<>();
          for (int i = 1; i <= columns; i++) {
            String value = result.getString(i);
            values.add(value == null ? "" : value);
          }
          rows.add(String.join("|", values));
        }
        return rows;
      } catch (SQLException failure) {
        throw new IllegalStateException(sql, failure);
      }
    }

    /** The first column of the first row as a number. */
    public long count(String sql) {
      return Long.parseLong(rows(sql).getFirst());
    }
  }
}
