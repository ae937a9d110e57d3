package dev.escala.postgres;

import dev.escala.store.StoreException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the settings of PostgreSQL mean for those who store rows and for those who read them from a
 * standby, as a person looks at them before anything runs.
 *
 * @param trouble why nothing is known
 * @param description how it is replicated; empty where nothing is worth to be told
 * @param advice what does harm one day, what it means, and what to do
 */
public record ReplicationLook(Optional<String> trouble, String description, List<String> advice) {
  /** Without rights for more, of standbys only their number is seen. */
  private static final String PRIMARY =
      """
      SELECT current_setting('synchronous_standby_names'), current_setting('synchronous_commit'),
             (SELECT count(*) FROM pg_stat_replication)\
      """;

  private static final String STANDBY =
      """
      SELECT pg_is_in_recovery(), current_setting('hot_standby_feedback')::bool,
             current_setting('max_standby_streaming_delay'),
             (SELECT setting::bigint FROM pg_settings WHERE name = 'max_standby_streaming_delay')\
      """;

  public ReplicationLook {
    advice = List.copyOf(advice);
  }

  /**
   * Asks the server that is written to.
   *
   * @param isRead whether there is a standby for certain, since it is read from
   */
  public static ReplicationLook ofPrimary(PostgresSettings settings, boolean isRead) {
    return look(settings, connection -> primary(connection, isRead));
  }

  /**
   * Asks a server that is read from; one that is no standby needs no advice.
   *
   * @param maxLag how far it may be behind, where that is bounded
   */
  public static ReplicationLook ofStandby(PostgresSettings settings, Optional<Duration> maxLag) {
    return look(settings, connection -> standby(connection, maxLag));
  }

  private static ReplicationLook look(
      PostgresSettings settings, ConnectionWork<ReplicationLook> work) {
    try {
      return PostgresDatabase.look(settings, work);
    } catch (StoreException away) {
      return new ReplicationLook(Optional.of(String.valueOf(away.getMessage())), "", List.of());
    }
  }

  private static ReplicationLook primary(Connection connection, boolean isRead)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(PRIMARY)) {
      var _ = row.next();
      String names = row.getString(1);
      String commit = row.getString(2);
      boolean hasStandby = isRead || row.getInt(3) > 0;
      List<String> advice = new ArrayList<>();
      if (commit.equals("off")) {
        advice.add(
            "synchronous_commit is off: rows that were acknowledged are lost where the server"
                + " crashes within the next moments; switch it on");
      } else if (commit.equals("local") && !names.isEmpty()) {
        advice.add(
            "synchronous_commit is local: no commit waits for synchronous_standby_names (%s);"
                    .formatted(names)
                + " switch it on");
      }
      if (hasStandby && names.isEmpty()) {
        advice.add(
            "synchronous_standby_names is empty: a standby that is promoted may lack rows that were"
                + " acknowledged; name one, such as ANY 1 (*), unless whoever runs the database"
                + " sees to it by other means");
      }
      String waits =
          names.isEmpty()
              ? hasStandby ? "" : "no standby is connected"
              : "commits wait for synchronous_standby_names " + names;
      return new ReplicationLook(Optional.empty(), waits, advice);
    }
  }

  private static ReplicationLook standby(Connection connection, Optional<Duration> maxLag)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(STANDBY)) {
      var _ = row.next();
      if (!row.getBoolean(1)) {
        return new ReplicationLook(Optional.empty(), "it is no standby", List.of());
      }
      List<String> advice = new ArrayList<>();
      String delay = row.getString(3);
      long delayMillis = row.getLong(4);
      if (!row.getBoolean(2)) {
        advice.add(
            "hot_standby_feedback is off: reads that see what its primary cleans up are cancelled"
                + " (ESC153) once they held up replay for max_standby_streaming_delay (%s); switch"
                    .formatted(delay)
                + " it on, and the primary keeps dead rows for as long as the longest read");
      }
      maxLag
          .filter(most -> delayMillis < 0 || delayMillis > most.toMillis())
          .ifPresent(
              most ->
                  advice.add(
                      "max_standby_streaming_delay is %s: a read may hold up replay for longer than"
                              .formatted(delay)
                          + " max-lag (%d ms), and all reads are refused (ESC167) meanwhile; lower"
                              .formatted(most.toMillis())
                          + " it, or raise max-lag"));
      return new ReplicationLook(Optional.empty(), "it is a standby", advice);
    }
  }
}
