package dev.escala.store.postgres;

import dev.escala.decode.TableColumns;
import dev.escala.decode.TopicSettings;
import dev.escala.model.Message;
import dev.escala.model.Outcome;
import dev.escala.observe.Observation;
import dev.escala.observe.Observer;
import dev.escala.postgres.ConnectionWork;
import dev.escala.postgres.Connections;
import dev.escala.postgres.SqlState;
import dev.escala.store.Rehearsed;
import dev.escala.store.TableWriter;
import dev.escala.store.Written;
import dev.escala.store.postgres.InsertStatement.Inserted;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes a batch in one statement where it is clean, else in one transaction. */
final class PostgresTableWriter implements TableWriter {
  /** Deadlocks end by themselves once one of the two tries again. */
  private static final int ATTEMPTS = 5;

  private static final Inserted NOTHING = new Inserted(true, Set.of(), false);

  private final Connections connections;
  private final TopicSettings settings;
  private final PartitionDemand partitions;
  private final Optional<BulkCopy> bulk;
  private final Runnable committed;
  private final Observer observer;
  private volatile @Nullable InsertStatement latest;

  /** Whether dead letters of the topic may be open, as far as this instance knows. */
  private volatile boolean openLetters = true;

  /**
   * Tells of each commit, before the outcomes are known to anybody.
   *
   * @param bulk how clean batches are written at first, where most of their rows are new
   */
  PostgresTableWriter(
      Connections connections,
      TopicSettings settings,
      PartitionDemand partitions,
      Optional<BulkCopy> bulk,
      Runnable committed,
      Observer observer) {
    this.connections = connections;
    this.settings = settings;
    this.partitions = partitions;
    this.bulk = bulk;
    this.committed = committed;
    this.observer = observer;
  }

  @Override
  public void probe(TableColumns columns) {
    try {
      var _ =
          connections.lend(connection -> columns.ready() ? probe(connection, columns) : NOTHING);
    } catch (SQLException failure) {
      throw SqlState.unavailable(failure);
    }
  }

  private Inserted probe(Connection connection, TableColumns columns) throws SQLException {
    DistributedTable distributed = new DistributedTable(connection, settings.table());
    if (distributed.isOne()) {
      distributed.askAll();
    }
    return statement(columns).insert(connection, List.of(), LetterKeys.NONE);
  }

  @Override
  public Written write(TableColumns columns, List<Item> items) {
    if (items.isEmpty()) {
      return Written.of(List.of());
    }
    try {
      partitions.require(items);
      List<Outcome> outcomes = again(connection -> write(connection, columns, items));
      committed.run();
      return Written.of(outcomes);
    } catch (SQLException failure) {
      return Written.failed(items.size(), SqlState.unavailable(failure));
    }
  }

  private List<Outcome> again(ConnectionWork<List<Outcome>> work) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try {
        return connections.lend(work);
      } catch (SQLException failure) {
        if (!SqlState.isRollback(failure) || attempt == ATTEMPTS) {
          throw failure;
        }
      }
    }
  }

  private List<Outcome> write(Connection connection, TableColumns columns, List<Item> items)
      throws SQLException {
    BatchOutcomes outcomes = outcomes(items);
    if (outcomes.isClean() && copied(connection, columns, outcomes)) {
      return outcomes.all();
    }
    if (outcomes.isClean() && !settings.dedup().versions()) {
      try {
        return atOnce(connection, columns, outcomes);
      } catch (SQLException failure) {
        if (!SqlState.isData(failure)) {
          throw failure;
        }
      }
    }
    return inTransaction(connection, columns, outcomes(items));
  }

  private boolean copied(Connection connection, TableColumns columns, BatchOutcomes outcomes)
      throws SQLException {
    if (bulk.isEmpty()) {
      return false;
    }
    openLetters = openLetters && DeadLetterTable.isOpen(connection, settings.topic());
    boolean plain = !openLetters && letters(outcomes.messages()).isEmpty();
    if (!plain || !bulk.get().begin(connection, columns, outcomes)) {
      return false;
    }
    // Another instance may keep letters since then, of messages that are stored now.
    openLetters = DeadLetterTable.isOpen(connection, settings.topic());
    letters(outcomes.settled()).resolve(connection);
    connection.commit();
    return true;
  }

  private BatchOutcomes outcomes(List<Item> items) {
    return new BatchOutcomes(items, settings.dedup());
  }

  private List<Outcome> atOnce(Connection connection, TableColumns columns, BatchOutcomes outcomes)
      throws SQLException {
    LetterKeys letters = letters(outcomes.messages());
    List<Integer> due = outcomes.oneOfEachRow();
    Inserted inserted = statement(columns).insert(connection, outcomes.rows(due), letters);
    outcomes.inserted(due, inserted::has);
    if (inserted.letters() && !openLetters) {
      // Another instance keeps some since then; what this batch brought again is looked for now.
      openLetters = true;
      letters(outcomes.messages()).resolve(connection);
    }
    openLetters = inserted.letters();
    return outcomes.all();
  }

  /** None where no letter is open: their keys cost time. */
  private LetterKeys letters(List<Message> messages) {
    boolean replayed =
        messages.stream().anyMatch(message -> message.deadLetter() != Message.ARRIVED);
    return openLetters || replayed ? LetterKeys.of(settings.topic(), messages) : LetterKeys.NONE;
  }

  /** What is not committed is rolled back with the connection that is given back. */
  private List<Outcome> inTransaction(
      Connection connection, TableColumns columns, BatchOutcomes outcomes) throws SQLException {
    RowIsolation isolation = isolate(connection, columns, outcomes);
    letters(outcomes.settled()).resolve(connection);
    List<DeadLetterTable.Entry> deadLetters = outcomes.deadLetters();
    DeadLetterTable.insert(connection, deadLetters);
    connection.commit();
    openLetters |= !deadLetters.isEmpty();
    if (isolation.divided()) {
      observer.observed(new Observation.BatchBisected(settings.topic(), isolation.statements()));
    }
    return outcomes.all();
  }

  private RowIsolation isolate(Connection connection, TableColumns columns, BatchOutcomes outcomes)
      throws SQLException {
    connection.setAutoCommit(false);
    Sql.checkConstraintsAtOnce(connection);
    if (settings.dedup().versions()) {
      new Versions(settings.table()).lock(connection, outcomes.anyDeletes());
    }
    RowIsolation isolation = new RowIsolation(connection, statement(columns), outcomes);
    isolation.writeAll();
    return isolation;
  }

  @Override
  public Rehearsed rehearse(TableColumns columns, List<Item> items) {
    try {
      return new Rehearsed(
          new ArrayList<>(
              again(
                  connection -> {
                    BatchOutcomes outcomes = outcomes(items);
                    var _ = isolate(connection, columns, outcomes);
                    connection.rollback();
                    return outcomes.all();
                  })),
          null);
    } catch (SQLException failure) {
      return Rehearsed.failed(items.size(), SqlState.unavailable(failure));
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
