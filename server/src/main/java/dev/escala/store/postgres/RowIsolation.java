package dev.escala.store.postgres;

import dev.escala.postgres.SqlState;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.Set;

/** Finds the rows that the database refuses, by halves, and stores all others. */
final class RowIsolation {
  private final Connection connection;
  private final InsertStatement statement;
  private final BatchOutcomes outcomes;
  private int statements;

  RowIsolation(Connection connection, InsertStatement statement, BatchOutcomes outcomes) {
    this.connection = connection;
    this.statement = statement;
    this.outcomes = outcomes;
  }

  /** Inserts until each item has its outcome; the caller commits. */
  void insertAll() throws SQLException {
    // A row whose key came first in the batch may be refused; then the next with its key is due.
    List<Integer> due = outcomes.firstOfEachKey();
    while (!due.isEmpty()) {
      insert(due);
      due = outcomes.firstOfEachKey();
    }
  }

  private void insert(List<Integer> due) throws SQLException {
    Savepoint savepoint = connection.setSavepoint();
    statements++;
    try {
      Set<Object> stored = statement.insert(connection, outcomes.rows(due), LetterKeys.NONE).keys();
      connection.releaseSavepoint(savepoint);
      outcomes.inserted(due, stored);
    } catch (SQLException failure) {
      if (!SqlState.isData(failure)) {
        throw failure;
      }
      connection.rollback(savepoint);
      divide(due, failure);
    }
  }

  private void divide(List<Integer> due, SQLException failure) throws SQLException {
    if (due.size() == 1) {
      outcomes.rejected(due.getFirst(), SqlState.rejection(failure));
    } else {
      int middle = due.size() / 2;
      insert(due.subList(0, middle));
      insert(due.subList(middle, due.size()));
    }
  }

  /** How many were needed. */
  int statements() {
    return statements;
  }
}
