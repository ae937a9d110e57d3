package dev.escala.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A look at a database that has Citus: what hinders tables on its workers, and what costs them.
 *
 * @param version of the extension
 * @param workers how many hold rows, or may
 * @param troubles each in a sentence
 * @param advice on what goes, and could go better
 */
public record CitusLook(String version, int workers, List<String> troubles, List<String> advice) {
  /** More than these to a worker at once Citus does not open for a session. */
  private static final int MOST_CONNECTIONS = 16;

  private static final int LONGEST_RECOVERY_MILLIS = 10_000;

  private static final String VERSION =
      "SELECT extversion FROM pg_extension WHERE extname = 'citus'";

  private static final String WORKERS =
      """
      SELECT nodename || ':' || nodeport, success, result
      FROM run_command_on_workers('SELECT count(*) FROM pg_stat_replication') ORDER BY 1\
      """;

  /**
   * What the server keeps for itself, and joins with what it stores, and may not stand elsewhere.
   */
  private static final String OWN =
      """
      SELECT format('%I.%I', n.nspname, c.relname) FROM pg_dist_partition p
      JOIN pg_class c ON c.oid = p.logicalrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'escala' AND NOT (c.relname = 'dead_letter' AND p.partmethod = 'n')
        AND c.relname <> 'seen_key_distributed'
      ORDER BY 1\
      """;

  private static final String SETTING = "SELECT setting::int FROM pg_settings WHERE name = ?";

  public CitusLook {
    troubles = List.copyOf(troubles);
    advice = List.copyOf(advice);
  }

  /**
   * Empty where the database has no Citus.
   *
   * @param shards of the table that has most of them
   * @throws dev.escala.store.StoreException if it does not answer
   */
  public static Optional<CitusLook> at(PostgresSettings settings, int shards) {
    return PostgresDatabase.look(settings, connection -> at(connection, shards));
  }

  private static Optional<CitusLook> at(Connection connection, int shards) throws SQLException {
    List<String> version = column(connection, VERSION);
    if (version.isEmpty()) {
      return Optional.empty();
    }
    List<String> troubles = new ArrayList<>();
    List<String> advice = new ArrayList<>();
    int workers = workers(connection, troubles, advice);
    for (String table : column(connection, OWN)) {
      troubles.add(
          "%s has to stay on the coordinator; SELECT undistribute_table('%1$s')".formatted(table));
    }
    int wanted = Math.min(MOST_CONNECTIONS, (shards + workers - 1) / Math.max(1, workers));
    int cached = setting(connection, "citus.max_cached_conns_per_worker");
    if (cached < wanted) {
      advice.add(
          "citus.max_cached_conns_per_worker is %d, and each batch opens connections anew; set it to %d for the login that writes"
              .formatted(cached, wanted));
    }
    if (setting(connection, "citus.recover_2pc_interval") > LONGEST_RECOVERY_MILLIS) {
      advice.add(
          "citus.recover_2pc_interval is longer than 10s, and so long rows wait of which a"
              + " coordinator died");
    }
    return Optional.of(new CitusLook(version.getFirst(), workers, troubles, advice));
  }

  private static int workers(Connection connection, List<String> troubles, List<String> advice)
      throws SQLException {
    int workers = 0;
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(WORKERS)) {
      while (row.next()) {
        workers++;
        String name = row.getString(1);
        if (!row.getBoolean(2)) {
          troubles.add("the worker %s does not answer".formatted(name));
        } else if (row.getString(3).equals("0")) {
          advice.add("the worker %s has no standby, and its rows are nowhere else".formatted(name));
        }
      }
    }
    if (workers == 0) {
      troubles.add("there are no workers; SELECT citus_add_node(host, port)");
    }
    return workers;
  }

  private static List<String> column(Connection connection, String sql) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        values.add(row.getString(1));
      }
    }
    return values;
  }

  private static int setting(Connection connection, String name) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SETTING)) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getInt(1) : 0;
      }
    }
  }
}
