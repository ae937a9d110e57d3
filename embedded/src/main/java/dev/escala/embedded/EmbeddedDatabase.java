package dev.escala.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A PostgreSQL of this process, as durable as one in production: zonky's defaults switch {@code
 * fsync} and {@code synchronous_commit} off, which would make "stored" a lie and rates a fiction.
 */
public final class EmbeddedDatabase implements AutoCloseable {
  private static final String DATABASE = "flights";
  // Not "escala": a login puts what it creates without a schema into the schema of its own name.
  private static final String OWNER = "escala_owner";
  private static final String READER = "escala_read";
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private final EmbeddedPostgres postgres;
  private final OptionalLong stoppedOrphan;
  private final boolean kept;

  private EmbeddedDatabase(EmbeddedPostgres postgres, OptionalLong stoppedOrphan, boolean kept) {
    this.postgres = postgres;
    this.stoppedOrphan = stoppedOrphan;
    this.kept = kept;
  }

  /**
   * Starts the server and prepares the database {@code flights} with its two logins. A server that
   * an earlier process left behind on the same data is stopped first.
   *
   * @param data where the data stays; absent: a temporary directory that is deleted at the end
   * @throws CannotStart if the server does not start, with what to do
   */
  public static EmbeddedDatabase start(Optional<Path> data) {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("max_connections", "100")
            .setServerConfig("shared_buffers", "128MB")
            .setServerConfig("max_wal_size", "2GB")
            .setServerConfig("timezone", "UTC")
            .setServerConfig("listen_addresses", "localhost")
            .setPGStartupWait(START_LIMIT)
            .setOutputRedirector(Redirect.DISCARD)
            .setErrorRedirector(Redirect.DISCARD)
            .setRegisterShutdownHook(false);
    Optional<DataDirectory> found = data.map(DataDirectory::look);
    Optional<Path> directory = found.map(DataDirectory::postgresql);
    directory.ifPresent(path -> builder.setDataDirectory(path).setCleanDataDirectory(false));
    try {
      OptionalLong orphan =
          directory.isPresent() ? OrphanedPostgres.stop(directory.get()) : OptionalLong.empty();
      boolean kept = found.map(DataDirectory::kept).orElse(false);
      EmbeddedDatabase database = new EmbeddedDatabase(builder.start(), orphan, kept);
      database.prepare();
      return database;
    } catch (IOException failure) {
      throw new CannotStart(
          "PostgreSQL does not start: " + failure.getMessage(), advice(directory), failure);
    }
  }

  private static String advice(Optional<Path> directory) {
    return directory
        .map(kept -> "--data takes another directory than " + kept.getParent() + ".")
        .orElse(
            "it needs 200 MB below %s, and may need another user than root."
                .formatted(System.getProperty("java.io.tmpdir")));
  }

  /** Whether an earlier start left its data. */
  boolean kept() {
    return kept;
  }

  /** The process of a PostgreSQL that was left behind on the same data, and was stopped. */
  OptionalLong stoppedOrphan() {
    return stoppedOrphan;
  }

  private void prepare() throws IOException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      try (ResultSet found =
          statement.executeQuery("SELECT FROM pg_database WHERE datname = '" + DATABASE + "'")) {
        if (found.next()) {
          return;
        }
      }
      statement.execute("CREATE ROLE %s LOGIN PASSWORD '%s' CREATEROLE".formatted(OWNER, OWNER));
      statement.execute("CREATE DATABASE %s OWNER %s".formatted(DATABASE, OWNER));
      statement.execute("CREATE ROLE escala_reader NOLOGIN");
      statement.execute("GRANT escala_reader TO %s WITH ADMIN OPTION".formatted(OWNER));
      statement.execute(
          "CREATE ROLE %s LOGIN PASSWORD '%s' IN ROLE escala_reader".formatted(READER, READER));
    } catch (SQLException failure) {
      throw new IOException("the embedded PostgreSQL could not be prepared", failure);
    }
  }

  /** For the login that owns the tables. */
  public String url() {
    return url(OWNER);
  }

  /** For the login that can only read. */
  public String readUrl() {
    return url(READER);
  }

  private String url(String login) {
    return "postgresql://%s:%s@localhost:%d/%s"
        .formatted(login, login, postgres.getPort(), DATABASE);
  }

  /** On the loopback. */
  public int port() {
    return postgres.getPort();
  }

  /** Such as {@code 18.6}. */
  public String version() {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery("SHOW server_version")) {
      answer.next();
      return answer.getString(1);
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** Rows of a table of the schema public, asked past the server; 0 where there is no table. */
  long count(String table) {
    try (RowCount rows = rows(table)) {
      return rows.now();
    }
  }

  /** The same for who looks often. */
  RowCount rows(String table) {
    try {
      return new RowCount(postgres.getDatabase(OWNER, DATABASE).getConnection(), table);
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Override
  public void close() {
    try {
      postgres.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
