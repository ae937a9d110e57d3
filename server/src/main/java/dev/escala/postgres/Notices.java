package dev.escala.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;

/**
 * What connections tell each other. An engine of the same protocol may not know how: then nothing
 * is told or heard, and who would have heard it looks by itself.
 */
public final class Notices {
  private Notices() {}

  /** Tells who listens, once the transaction has ended; one that is open goes on whatever comes. */
  public static void tell(Connection connection, String channel) throws SQLException {
    tried(connection, "NOTIFY " + channel);
  }

  /** Hears from now on what is told. */
  public static void hear(Connection connection, String channel) throws SQLException {
    tried(connection, "LISTEN " + channel);
  }

  private static void tried(Connection connection, String sql) throws SQLException {
    Savepoint before = connection.getAutoCommit() ? null : connection.setSavepoint();
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException failure) {
      if (!SqlState.isUnknown(failure)) {
        throw failure;
      }
      if (before != null) {
        connection.rollback(before);
      }
    }
  }
}
