package dev.escala.store.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Statements that are run once, and are not worth being prepared. */
final class Sql {
  private Sql() {}

  /** Runs a statement as it is: braces in names are no escapes of JDBC. */
  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }

  /** A deferred constraint would refuse the commit, and not say which row it refuses. */
  static void checkConstraintsAtOnce(Connection connection) throws SQLException {
    execute(connection, "SET CONSTRAINTS ALL IMMEDIATE");
  }

  /** Whether a query finds anything. */
  static boolean finds(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      return result.next();
    }
  }

  /** Whether a query with one parameter finds anything. */
  static boolean finds(Connection connection, String sql, String parameter) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, parameter);
      try (ResultSet result = statement.executeQuery()) {
        return result.next();
      }
    }
  }
}
