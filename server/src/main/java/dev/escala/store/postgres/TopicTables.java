package dev.escala.store.postgres;

import dev.escala.decode.Rollup;
import dev.escala.decode.TableName;
import dev.escala.decode.TopicSettings;
import dev.escala.model.SqlIdentifier;
import dev.escala.observe.Observer;
import dev.escala.postgres.ConnectionWork;
import dev.escala.postgres.Connections;
import dev.escala.postgres.Notices;
import dev.escala.postgres.PostgresDatabase;
import dev.escala.postgres.SqlState;
import dev.escala.store.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What people do with the tables of topics in one database. */
public final class TopicTables {
  private static final String LIST =
      """
      SELECT n.nspname, c.relname, col_description(c.oid, i.attnum),
             coalesce((SELECT sum(greatest(p.reltuples, 0))
                       FROM pg_partition_tree(c.oid) t JOIN pg_class p ON p.oid = t.relid
                       WHERE t.isleaf), greatest(c.reltuples, 0))::bigint,
             coalesce((SELECT sum(pg_total_relation_size(t.relid))
                       FROM pg_partition_tree(c.oid) t), pg_total_relation_size(c.oid)),
             (SELECT count(*) FROM pg_attribute a
              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                AND a.attname <> ALL (?))
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute i ON i.attrelid = c.oid AND i.attname = '_id' AND NOT i.attisdropped
      WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
      ORDER BY 1, 2\
      """;

  private final Connections connections;
  private final Connections changes;
  private final PostgresDatabase database;

  /** Over connections of its own. */
  public TopicTables(PostgresDatabase database) {
    this.database = database;
    this.connections = database.beside("escala-upkeep", TableUpkeep.LONGEST);
    this.changes = database.beside("escala-changes", database.settings().statementTimeout());
  }

  /**
   * A table that has the columns of one.
   *
   * @param topic for which it was made; null where that is not known
   * @param rows as PostgreSQL last estimated
   * @param columns without those of the system
   */
  public record Listed(
      String schema, String table, @Nullable String topic, long rows, long bytes, int columns) {}

  /** All of the database that may be tables of topics. */
  public List<Listed> list() {
    return work(
        connection -> {
          List<Listed> tables = new ArrayList<>();
          try (PreparedStatement statement = connection.prepareStatement(LIST)) {
            statement.setArray(1, TableCatalog.systemColumns(connection));
            try (ResultSet row = statement.executeQuery()) {
              while (row.next()) {
                tables.add(listed(row));
              }
            }
          }
          return tables;
        });
  }

  private static Listed listed(ResultSet row) throws SQLException {
    return new Listed(
        row.getString(1),
        row.getString(2),
        TableMark.topic(row.getString(3)).orElse(null),
        row.getLong(4),
        row.getLong(5),
        row.getInt(6));
  }

  /**
   * Renames a column.
   *
   * @param view that shows the table with the former name; null for none
   */
  public void rename(TableName table, String column, String name, @Nullable String view) {
    var _ =
        work(
            connection -> {
              connection.setAutoCommit(false);
              Sql.execute(
                  connection,
                  "ALTER TABLE %s RENAME COLUMN %s TO %s"
                      .formatted(
                          TableCatalog.quoted(table),
                          SqlIdentifier.quote(column),
                          SqlIdentifier.quote(name)));
              if (view != null) {
                createView(connection, table, column, name, view);
              }
              Notices.tell(connection, "escala");
              connection.commit();
              return true;
            });
  }

  private static void createView(
      Connection connection, TableName table, String column, String name, String view)
      throws SQLException {
    List<String> columns = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet none =
            statement.executeQuery(
                "SELECT * FROM %s LIMIT 0".formatted(TableCatalog.quoted(table)))) {
      for (int i = 1; i <= none.getMetaData().getColumnCount(); i++) {
        String each = none.getMetaData().getColumnName(i);
        String quoted = SqlIdentifier.quote(each);
        columns.add(each.equals(name) ? quoted + " AS " + SqlIdentifier.quote(column) : quoted);
      }
    }
    String quoted = SqlIdentifier.quote(table.schema()) + "." + SqlIdentifier.quote(view);
    Sql.execute(
        connection,
        "CREATE VIEW %s WITH (security_invoker) AS SELECT %s FROM %s"
            .formatted(quoted, String.join(", ", columns), TableCatalog.quoted(table)));
  }

  /** Drops a table, with all of its rows. */
  public void drop(TableName table) {
    var _ =
        work(
            connection -> {
              Sql.execute(connection, "DROP TABLE " + TableCatalog.quoted(table));
              Notices.tell(connection, "escala");
              return true;
            });
  }

  /**
   * Moves the rows of a table to the workers of Citus; whoever reads or writes it waits meanwhile.
   *
   * @return false where they stand there already
   */
  public boolean distribute(TopicSettings settings) {
    try {
      return connections.lend(connection -> distribute(connection, settings));
    } catch (SQLException failure) {
      throw SqlState.unavailable(failure);
    }
  }

  private static boolean distribute(Connection connection, TopicSettings settings)
      throws SQLException {
    connection.setAutoCommit(false);
    TableChange.lock(connection, settings.table());
    TableCatalog.Found found =
        TableCatalog.read(connection, settings)
            .orElseThrow(() -> TableCatalog.misconfigured(settings.table() + " is not there"));
    if (found.distributed()) {
      return false;
    }
    Sql.execute(
        connection,
        "DROP TRIGGER IF EXISTS %s ON %s"
            .formatted(PostgresTableVersions.TRIGGER, TableCatalog.quoted(settings.table())));
    new DistributedTable(connection, settings.table()).make(settings.maintenance().distribution());
    Notices.tell(connection, "escala");
    connection.commit();
    return true;
  }

  /**
   * Makes a rollup anew out of the rows that are there, whatever there is of it; rows go on being
   * written.
   */
  public void rebuild(TopicSettings settings, Rollup rollup, Observer observer) {
    try {
      var _ = connections.lend(connection -> rebuild(connection, settings, rollup, observer));
    } catch (SQLException failure) {
      throw SqlState.unavailable(failure);
    }
  }

  private boolean rebuild(
      Connection connection, TopicSettings settings, Rollup rollup, Observer observer)
      throws SQLException {
    Optional<TableCatalog.Found> found = TableCatalog.read(connection, settings);
    if (found.isEmpty()) {
      throw TableCatalog.misconfigured(settings.table() + " is not there");
    }
    Upkeep upkeep =
        new Upkeep(
            connection, changes, database.settings().lockTimeout(), new LongStatement(), observer);
    new RollupBuilding(upkeep, settings, found.get().columns()).rebuild(rollup);
    return true;
  }

  private <T> T work(ConnectionWork<T> work) throws StoreException {
    try {
      return changes.lend(work);
    } catch (SQLException failure) {
      throw SqlState.unavailable(failure);
    }
  }
}
