package dev.escala.embedded;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Counts the rows of a table again and again over one connection, past the server. A connection for
 * each look would take a good part of what the server is measured by.
 */
final class RowCount implements AutoCloseable {
  private static final String UNDEFINED_TABLE = "42P01";

  private final Connection connection;
  private final String sql;

  RowCount(Connection connection, String table) {
    this.connection = connection;
    this.sql = "SELECT count(*) FROM \"" + table.replace("\"", "\"\"") + "\"";
  }

  /** 0 where there is no table. */
  long now() {
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet answer = statement.executeQuery()) {
      answer.next();
      return answer.getLong(1);
    } catch (SQLException failure) {
      if (UNDEFINED_TABLE.equals(failure.getSQLState())) {
        return 0;
      }
      throw new IllegalStateException(failure);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
