package dev.escala.store.postgres;

import dev.escala.decode.Rollup;
import dev.escala.decode.TableColumns;
import dev.escala.decode.TopicSettings;
import dev.escala.model.SqlIdentifier;
import dev.escala.observe.Observation;
import dev.escala.postgres.Notices;
import dev.escala.postgres.SqlState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the rollups of a table. What is stored from a moment on is counted by a trigger; what was
 * stored before is aggregated as it was at that moment, and added, while rows go on being written:
 * each row is counted once.
 */
final class RollupBuilding {
  private static final String FILLING = "Rollup that is being filled, ";
  private static final String COMPLETE = "Rollup, ";

  private final Upkeep upkeep;
  private final Connection connection;
  private final TopicSettings settings;
  private final TableColumns columns;

  RollupBuilding(Upkeep upkeep, TopicSettings settings, TableColumns columns) {
    this.upkeep = upkeep;
    this.connection = upkeep.connection();
    this.settings = settings;
    this.columns = columns;
  }

  /** How a rollup is found. */
  private enum State {
    COMPLETE,
    MISSING,
    /** Whoever filled it stopped in the middle. */
    UNFINISHED,
    /** What it was is not known to be right any more: only a person knows what to do. */
    REFUSED
  }

  /**
   * What the database says of a table with the name of a rollup.
   *
   * @param comment null where it has none
   */
  private record Found(boolean exists, boolean counts, @Nullable String comment) {
    State state(String definition) {
      if (!exists) {
        return State.MISSING;
      }
      String text = comment == null ? "" : comment;
      if (text.equals(FILLING + definition)) {
        return State.UNFINISHED;
      }
      return text.equals(COMPLETE + definition) && counts ? State.COMPLETE : State.REFUSED;
    }

    boolean isOther() {
      String text = comment == null ? "" : comment;
      return exists && !text.startsWith(COMPLETE) && !text.startsWith(FILLING);
    }

    String why(String definition) {
      String text = comment == null ? "" : comment;
      if (isOther()) {
        return "a table with its name is there, and is no rollup";
      }
      return text.endsWith(definition)
          ? "rows were stored that it has not counted"
          : "it was made with other settings: " + text;
    }
  }

  boolean isDue() throws SQLException {
    return !areComplete() || !abandoned().isEmpty();
  }

  /** Whether each of them has counted what is stored. */
  boolean areComplete() throws SQLException {
    for (RollupSql sql : configured()) {
      if (!sql.lacking().isEmpty() || found(sql).state(sql.definition()) != State.COMPLETE) {
        return false;
      }
    }
    return true;
  }

  private List<RollupSql> configured() {
    return settings.maintenance().rollups().stream()
        .map(rollup -> new RollupSql(settings, rollup, columns))
        .toList();
  }

  /**
   * Makes those that are missing, and tells of those that only a person can put right.
   *
   * @return whether nothing is left that goes by itself; else the table was in use
   */
  boolean build() throws SQLException {
    try {
      for (String rollup : abandoned()) {
        drop(rollup);
      }
      for (RollupSql sql : configured()) {
        if (sql.lacking().isEmpty()) {
          complete(sql);
        } else {
          refuse(sql, lacks(sql));
        }
      }
      return true;
    } catch (SQLException failure) {
      if (SqlState.isLocked(failure)) {
        return false;
      }
      throw failure;
    }
  }

  private void complete(RollupSql sql) throws SQLException {
    Found found = found(sql);
    switch (found.state(sql.definition())) {
      case COMPLETE -> {}
      case MISSING, UNFINISHED -> build(sql);
      case REFUSED -> refuse(sql, found.why(sql.definition()));
    }
  }

  private String lacks(RollupSql sql) {
    return "%s has no column %s".formatted(settings.table(), String.join(", ", sql.lacking()));
  }

  /** Makes one anew, whatever there is of it; fails where it cannot be made. */
  void rebuild(Rollup rollup) throws SQLException {
    RollupSql sql = new RollupSql(settings, rollup, columns);
    if (!sql.lacking().isEmpty()) {
      throw TableCatalog.misconfigured(lacks(sql));
    }
    if (found(sql).isOther()) {
      throw TableCatalog.misconfigured(
          sql.name() + " is no rollup: drop it, or give the rollup another name");
    }
    begin(sql);
    fill(sql);
  }

  private void refuse(RollupSql sql, String why) {
    upkeep
        .observer()
        .observed(new Observation.RollupRefused(settings.table().toString(), sql.name(), why));
  }

  private void build(RollupSql sql) throws SQLException {
    long started = System.nanoTime();
    try {
      begin(sql);
      fill(sql);
    } catch (SQLException failure) {
      if (!SqlState.isMisconfigured(failure)) {
        throw failure;
      }
      refuse(sql, SqlState.unavailable(failure).detail());
      return;
    }
    Duration took = Duration.ofNanos(System.nanoTime() - started);
    upkeep
        .observer()
        .observed(new Observation.RollupBuilt(settings.table().toString(), sql.name(), took));
  }

  /** Nobody writes between what the snapshot shows and what the trigger counts. */
  private void begin(RollupSql sql) throws SQLException {
    List<String> statements = new ArrayList<>();
    statements.addAll(sql.attempt());
    statements.addAll(sql.dropTrigger());
    statements.addAll(sql.drop(isView(sql)));
    statements.addAll(sql.create());
    statements.add(comment(sql, FILLING));
    statements.addAll(sql.createTrigger());
    upkeep.change(
        changing -> {
          for (String statement : statements) {
            Sql.execute(changing, statement);
          }
          if (Sql.finds(changing, "SELECT FROM pg_roles WHERE rolname = ?", "escala_reader")) {
            Sql.execute(changing, "GRANT SELECT ON " + sql.table() + " TO escala_reader");
          }
          Notices.tell(changing, "escala");
          snapshot();
        });
  }

  private boolean isView(RollupSql sql) throws SQLException {
    return Sql.finds(
        connection,
        "SELECT FROM pg_class WHERE oid = to_regclass(?) AND relkind = 'v'",
        sql.table());
  }

  private void snapshot() throws SQLException {
    Sql.execute(connection, "DISCARD TEMPORARY");
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    connection.setAutoCommit(false);
    Sql.execute(connection, "SELECT 1");
  }

  private void fill(RollupSql sql) throws SQLException {
    try {
      upkeep.running().execute(connection, sql.fill());
      connection.commit();
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      upkeep.running().execute(connection, sql.merge());
      Sql.execute(connection, comment(sql, COMPLETE));
      Sql.execute(connection, "DROP TABLE escala_fill");
      connection.commit();
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    }
  }

  private static String comment(RollupSql sql, String state) {
    return "COMMENT ON %s %s IS '%s'"
        .formatted(
            sql.isView() ? "VIEW" : "TABLE",
            sql.table(),
            (state + sql.definition()).replace("'", "''"));
  }

  private Found found(RollupSql sql) throws SQLException {
    String query =
        """
        SELECT c.oid IS NOT NULL,
               EXISTS (SELECT FROM pg_trigger t
                       WHERE t.tgrelid = ?::regclass AND t.tgname = ? AND t.tgenabled <> 'D'),
               obj_description(c.oid, 'pg_class')
        FROM (SELECT to_regclass(?) AS oid) c
        """;
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, TableCatalog.quoted(settings.table()));
      statement.setString(2, sql.trigger());
      statement.setString(3, sql.table());
      try (ResultSet answer = statement.executeQuery()) {
        var _ = answer.next();
        return new Found(answer.getBoolean(1), answer.getBoolean(2), answer.getString(3));
      }
    }
  }

  /** Triggers of rollups that the topic had, and that the configuration does not name any more. */
  private List<String> abandoned() throws SQLException {
    Set<String> wanted = new HashSet<>();
    settings
        .maintenance()
        .rollups()
        .forEach(rollup -> wanted.add(new RollupSql(settings, rollup, columns).trigger()));
    List<String> abandoned = new ArrayList<>();
    String query =
        """
        SELECT tgname FROM pg_trigger
        WHERE tgrelid = ?::regclass AND tgname LIKE ? AND obj_description(oid, 'pg_trigger') = ?
        """;
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, TableCatalog.quoted(settings.table()));
      statement.setString(2, RollupSql.TRIGGER.replace("_", "\\_") + "%");
      statement.setString(3, settings.topic());
      try (ResultSet answer = statement.executeQuery()) {
        while (answer.next()) {
          if (!wanted.contains(answer.getString(1))) {
            abandoned.add(answer.getString(1));
          }
        }
      }
    }
    return abandoned;
  }

  private void drop(String trigger) throws SQLException {
    upkeep.change(
        changing ->
            Sql.execute(
                changing,
                "DROP TRIGGER IF EXISTS %s ON %s"
                    .formatted(
                        SqlIdentifier.quote(trigger), TableCatalog.quoted(settings.table()))));
  }
}
