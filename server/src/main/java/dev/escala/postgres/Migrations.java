package dev.escala.postgres;

import dev.escala.model.ReturnReason;
import dev.escala.store.StoreException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Brings the schema {@code escala} to the version of this program; once a process. */
final class Migrations {
  private static final String READER =
      """
      DO $$
      BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'escala_reader')
           AND EXISTS (SELECT FROM pg_roles
                       WHERE rolname = current_user AND (rolsuper OR rolcreaterole)) THEN
          CREATE ROLE escala_reader NOLOGIN;
        END IF;
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'escala_reader')
           AND EXISTS (SELECT FROM pg_namespace
                       WHERE nspname = 'public' AND pg_has_role(nspowner, 'USAGE')) THEN
          GRANT USAGE ON SCHEMA public TO escala_reader;
        END IF;
      EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL; -- another instance was faster
      END
      $$\
      """;

  private final PostgresSettings settings;
  private final ConnectionPool connections;
  private volatile boolean done;

  Migrations(PostgresSettings settings, ConnectionPool connections) {
    this.settings = settings;
    this.connections = connections;
  }

  void ensure() throws SQLException {
    if (!done) {
      migrateOnce();
    }
  }

  private synchronized void migrateOnce() throws SQLException {
    if (done) {
      return;
    }
    // Answers with a clear SQLSTATE where Flyway would wrap it, and lets one instance at a time
    // in: Flyway's own lock comes after it has made and baselined its table.
    connections.lend(this::migrateAlone);
    done = true;
  }

  /** The version that a database has. */
  static String version(Connection connection) throws SQLException {
    String sql =
        "SELECT version FROM escala.schema_version WHERE success ORDER BY installed_rank DESC";
    try (Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery(sql)) {
      return answer.next() ? answer.getString(1) : "0";
    }
  }

  private boolean migrateAlone(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_advisory_lock(hashtextextended('escala migrations', 0))");
      try {
        statement.execute("SET client_min_messages = warning");
        statement.execute(READER);
        statement.execute("CREATE SCHEMA IF NOT EXISTS escala");
        migrate();
      } finally {
        statement.execute("RESET client_min_messages");
        statement.execute("SELECT pg_advisory_unlock(hashtextextended('escala migrations', 0))");
      }
    }
    return true;
  }

  private void migrate() throws SQLException {
    Map<String, String> properties = new HashMap<>(settings.url().parameters());
    properties.put("ApplicationName", "escala-migrations");
    properties.put("options", "-c client_min_messages=warning");
    try {
      Flyway.configure(Migrations.class.getClassLoader())
          .dataSource(
              ConnectionPool.jdbcUrl(settings.url()),
              settings.url().user(),
              ConnectionPool.password(settings.url()))
          .jdbcProperties(properties)
          .defaultSchema("escala")
          .schemas("escala")
          .createSchemas(false)
          .table("schema_version")
          .baselineOnMigrate(true)
          .baselineVersion("0")
          .locations("classpath:dev/escala/postgres/migration")
          .load()
          .migrate();
    } catch (FlywayException failure) {
      throw new StoreException(
          ReturnReason.DATABASE_UNAVAILABLE,
          "",
          "the migrations of the schema escala failed: " + failure.getErrorCode());
    }
  }
}
