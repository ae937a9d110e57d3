package dev.escala.store.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** The statement that runs for long, if one does, so that it can be given up. */
final class LongStatement {
  private volatile @Nullable Statement running;
  private volatile boolean cancelled;

  /** Runs one, of which there is one at a time. */
  void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      running = statement;
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    } finally {
      running = null;
    }
  }

  /** Whether there is time for more. */
  boolean isWanted() {
    return !cancelled;
  }

  /** It fails, if one runs; nothing more is wanted. */
  void cancel() {
    cancelled = true;
    Statement statement = running;
    if (statement != null) {
      try {
        statement.cancel();
      } catch (SQLException ended) {
        // as it should
      }
    }
  }
}
