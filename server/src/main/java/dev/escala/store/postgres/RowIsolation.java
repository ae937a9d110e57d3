package dev.escala.store.postgres;

import dev.escala.decode.Row;
import dev.escala.postgres.SqlState;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Finds the rows that the database refuses, by halves, and stores all others. */
final class RowIsolation {
  private final Connection connection;
  private final InsertStatement inserting;
  private final BatchOutcomes outcomes;

  /** Rows that were written once more by themselves. */
  private final Set<Integer> again = new HashSet<>();

  private int statements;
  private boolean divided;

  RowIsolation(Connection connection, InsertStatement inserting, BatchOutcomes outcomes) {
    this.connection = connection;
    this.inserting = inserting;
    this.outcomes = outcomes;
  }

  /** Inserts and deletes until each item has its outcome; the caller commits. */
  void writeAll() throws SQLException {
    // The row that counts of a key may be refused; then the next with its key is due.
    List<Integer> due = outcomes.oneOfEachRow();
    while (!due.isEmpty()) {
      write(due.stream().filter(item -> !outcomes.deletes(item)).toList());
      write(due.stream().filter(outcomes::deletes).toList());
      due = outcomes.oneOfEachRow();
    }
  }

  /** All of them insert, or all delete. */
  private void write(List<Integer> due) throws SQLException {
    if (due.isEmpty()) {
      return;
    }
    Savepoint savepoint = connection.setSavepoint();
    statements++;
    try {
      Predicate<Object> written = written(due);
      connection.releaseSavepoint(savepoint);
      outcomes.inserted(due, written);
    } catch (SQLException failure) {
      if (!SqlState.isData(failure)) {
        throw failure;
      }
      connection.rollback(savepoint);
      divide(due, failure);
    }
  }

  private Predicate<Object> written(List<Integer> due) throws SQLException {
    List<Row> rows = outcomes.rows(due);
    return outcomes.deletes(due.getFirst())
        ? inserting.deletion().delete(connection, rows)::contains
        : inserting.insert(connection, rows, LetterKeys.NONE)::has;
  }

  private void divide(List<Integer> due, SQLException failure) throws SQLException {
    if (due.size() == 1 && SqlState.isOfPartition(failure) && again.add(due.getFirst())) {
      write(due);
    } else if (due.size() == 1) {
      outcomes.rejected(due.getFirst(), SqlState.rejection(failure));
    } else {
      divided = true;
      int middle = due.size() / 2;
      write(due.subList(0, middle));
      write(due.subList(middle, due.size()));
    }
  }

  /** Whether a row that is refused was looked for. */
  boolean divided() {
    return divided;
  }

  /** How many were needed. */
  int statements() {
    return statements;
  }
}
