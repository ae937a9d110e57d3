package dev.escala.store.postgres;

import dev.escala.decode.TableColumns;
import dev.escala.decode.TopicSettings;
import dev.escala.model.Outcome;
import dev.escala.observe.Observation;
import dev.escala.observe.Observer;
import dev.escala.postgres.Connections;
import dev.escala.postgres.SqlState;
import dev.escala.store.TableWriter;
import dev.escala.store.Written;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes a batch in one statement where it is clean, else in one transaction. */
final class PostgresTableWriter implements TableWriter {
  /** Deadlocks end by themselves once one of the two tries again. */
  private static final int ATTEMPTS = 5;

  private final Connections connections;
  private final TopicSettings settings;
  private final Runnable committed;
  private final Observer observer;
  private volatile @Nullable InsertStatement latest;

  /** Tells of each commit, before the outcomes are known to anybody. */
  PostgresTableWriter(
      Connections connections, TopicSettings settings, Runnable committed, Observer observer) {
    this.connections = connections;
    this.settings = settings;
    this.committed = committed;
    this.observer = observer;
  }

  @Override
  public void probe(TableColumns columns) {
    try {
      var _ =
          connections.lend(
              connection ->
                  columns.ready()
                      ? statement(columns).insert(connection, List.of())
                      : Set.<Object>of());
    } catch (SQLException failure) {
      throw SqlState.unavailable(failure);
    }
  }

  @Override
  public Written write(TableColumns columns, List<Item> items) {
    if (items.isEmpty()) {
      return Written.of(List.of());
    }
    for (int attempt = 1; ; attempt++) {
      try {
        List<Outcome> outcomes = connections.lend(connection -> write(connection, columns, items));
        committed.run();
        return Written.of(outcomes);
      } catch (SQLException failure) {
        if (!SqlState.isRollback(failure) || attempt == ATTEMPTS) {
          return Written.failed(items.size(), SqlState.unavailable(failure));
        }
      }
    }
  }

  private List<Outcome> write(Connection connection, TableColumns columns, List<Item> items)
      throws SQLException {
    BatchOutcomes outcomes = new BatchOutcomes(items);
    if (outcomes.isClean()) {
      try {
        List<Integer> due = outcomes.firstOfEachKey();
        outcomes.inserted(due, statement(columns).insert(connection, outcomes.rows(due)));
        return outcomes.all();
      } catch (SQLException failure) {
        if (!SqlState.isData(failure)) {
          throw failure;
        }
      }
    }
    return inTransaction(connection, columns, new BatchOutcomes(items));
  }

  /** What is not committed is rolled back with the connection that is given back. */
  private List<Outcome> inTransaction(
      Connection connection, TableColumns columns, BatchOutcomes outcomes) throws SQLException {
    connection.setAutoCommit(false);
    checkConstraintsAtOnce(connection);
    RowIsolation isolation = new RowIsolation(connection, statement(columns), outcomes);
    isolation.insertAll();
    DeadLetterTable.insert(connection, outcomes.deadLetters());
    connection.commit();
    if (isolation.statements() > 1) {
      observer.observed(new Observation.BatchBisected(settings.topic(), isolation.statements()));
    }
    return outcomes.all();
  }

  /** A deferred constraint would refuse the commit, and not say which row it refuses. */
  private static void checkConstraintsAtOnce(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET CONSTRAINTS ALL IMMEDIATE");
    }
  }

  /** Made anew when the columns have changed. */
  private InsertStatement statement(TableColumns columns) {
    InsertStatement known = latest;
    if (known == null || !known.columns().equals(columns)) {
      known = new InsertStatement(settings, columns);
      latest = known;
    }
    return known;
  }
}
