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

  /**
   * What {@code --role api} does by a login of its own: looks, ends its markers, and sums up which
   * tables have changed. What a migration adds is given with the next start of the owner.
   */
  private static final String ANSWERING =
      """
      DO $$
      BEGIN
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'escala_api') THEN
          GRANT SELECT ON ALL TABLES IN SCHEMA escala TO escala_api;
          GRANT DELETE ON escala.canary TO escala_api;
          GRANT INSERT, DELETE ON escala.table_change TO escala_api;
        END IF;
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
    connections.lend(this::migrateAloneOrLook);
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

  /** Who may make nothing in the schema waits until somebody else has. */
  private boolean migrateAloneOrLook(Connection connection) throws SQLException {
    if (isOfAnother(connection)) {
      if (isBehind()) {
        throw new StoreException(
            ReturnReason.DATABASE_UNAVAILABLE,
            "",
            "the schema escala is not migrated yet, which %s may not do"
                .formatted(settings.url().user()));
      }
      return true;
    }
    return migrateAlone(connection);
  }

  private static boolean isOfAnother(Connection connection) throws SQLException {
    String sql = "SELECT NOT has_schema_privilege(to_regnamespace('escala'), 'CREATE')";
    try (Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery(sql)) {
      return answer.next() && answer.getBoolean(1);
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
        statement.execute(ANSWERING);
      } finally {
        statement.execute("RESET client_min_messages");
        statement.execute("SELECT pg_advisory_unlock(hashtextextended('escala migrations', 0))");
      }
    }
    return true;
  }

  private void migrate() throws SQLException {
    try {
      flyway().migrate();
    } catch (FlywayException failure) {
      throw failed(failure);
    }
  }

  private boolean isBehind() throws SQLException {
    try {
      return flyway().info().pending().length > 0;
    } catch (FlywayException failure) {
      throw failed(failure);
    }
  }

  private static StoreException failed(FlywayException failure) {
    return new StoreException(
        ReturnReason.DATABASE_UNAVAILABLE,
        "",
        "the migrations of the schema escala failed: " + failure.getErrorCode());
  }

  private Flyway flyway() throws SQLException {
    Map<String, String> properties = new HashMap<>(settings.url().parameters());
    properties.put("ApplicationName", "escala-migrations");
    properties.put("options", "-c client_min_messages=warning");
    return Flyway.configure(Migrations.class.getClassLoader())
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
        .load();
  }
}
