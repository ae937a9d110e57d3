package dev.escala.store.postgres;

import dev.escala.decode.Decoded;
import dev.escala.decode.Marker;
import dev.escala.decode.Row;
import dev.escala.decode.TableColumns;
import dev.escala.decode.TopicSettings;
import dev.escala.decode.TopicSettings.UnknownFields;
import dev.escala.model.Outcome;
import dev.escala.model.Rejection;
import dev.escala.observe.Observation;
import dev.escala.observe.Observer;
import dev.escala.store.TableWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Writes a batch in one statement where it is clean, else in one transaction. */
final class PostgresTableWriter implements TableWriter {
  /** Deadlocks end by themselves once one of the two tries again. */
  private static final int ATTEMPTS = 5;

  private final PostgresStore store;
  private final TopicSettings settings;
  private final Observer observer;
  private final Map<String, InsertStatement> statements = new ConcurrentHashMap<>();

  PostgresTableWriter(PostgresStore store, TopicSettings settings, Observer observer) {
    this.store = store;
    this.settings = settings;
    this.observer = observer;
  }

  @Override
  public void probe(TableColumns columns) {
    try {
      var _ =
          store.lend(
              connection ->
                  columns.exists()
                      ? statement(columns, "probe").insert(connection, List.of())
                      : Set.of());
    } catch (SQLException failure) {
      throw SqlState.unavailable(failure);
    }
  }

  @Override
  public List<Outcome> write(TableColumns columns, List<Item> items) {
    if (items.isEmpty()) {
      return List.of();
    }
    for (int attempt = 1; ; attempt++) {
      try {
        return store.lend(connection -> write(connection, columns, items));
      } catch (SQLException failure) {
        if (!SqlState.isRollback(failure) || attempt == ATTEMPTS) {
          throw SqlState.unavailable(failure);
        }
      }
    }
  }

  private List<Outcome> write(Connection connection, TableColumns columns, List<Item> items)
      throws SQLException {
    Batch batch = new Batch(items);
    if (batch.clean()) {
      try {
        List<Integer> firsts = batch.firsts();
        batch.settle(firsts, statement(columns, items).insert(connection, batch.rows(firsts)));
        return batch.outcomes();
      } catch (SQLException failure) {
        if (!SqlState.isData(failure)) {
          throw failure;
        }
      }
    }
    return inTransaction(connection, columns, new Batch(items));
  }

  private List<Outcome> inTransaction(Connection connection, TableColumns columns, Batch batch)
      throws SQLException {
    connection.setAutoCommit(false);
    try {
      checkAtOnce(connection);
      batch.storeMarkers(connection);
      Isolation isolation = new Isolation(connection, batch);
      // A row whose key came first in the batch may be refused; then the next with its key is due.
      for (List<Integer> due = batch.firsts(); !due.isEmpty(); due = batch.firsts()) {
        isolation.insert(statement(columns, batch.items), due);
      }
      DeadLetterTable.insert(connection, batch.deadLetters());
      connection.commit();
      connection.setAutoCommit(true);
      if (isolation.statements > 1) {
        observer.observed(new Observation.BatchBisected(settings.topic(), isolation.statements));
      }
      return batch.outcomes();
    } catch (SQLException failure) {
      rollBack(connection, failure);
      throw failure;
    }
  }

  /** A deferred constraint would refuse the commit, and not say which row it refuses. */
  private static void checkAtOnce(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET CONSTRAINTS ALL IMMEDIATE");
    }
  }

  private static void rollBack(Connection connection, SQLException failure) {
    try {
      connection.rollback();
      connection.setAutoCommit(true);
    } catch (SQLException alsoFailed) {
      // The connection stays out of autocommit and is closed when it is given back.
      failure.addSuppressed(alsoFailed);
    }
  }

  /** The statement of a source, made anew when the columns have changed. */
  private InsertStatement statement(TableColumns columns, List<Item> items) {
    return statement(columns, items.getFirst().message().origin().source().label());
  }

  private InsertStatement statement(TableColumns columns, String source) {
    return statements.compute(
        source,
        (label, known) ->
            known != null && known.columns().equals(columns)
                ? known
                : new InsertStatement(
                    settings.table(),
                    columns,
                    settings.unknownFields() == UnknownFields.KEEP,
                    label));
  }

  /** Finds the rows that the database refuses, by halves. */
  private static final class Isolation {
    private final Connection connection;
    private final Batch batch;
    private int statements;

    Isolation(Connection connection, Batch batch) {
      this.connection = connection;
      this.batch = batch;
    }

    void insert(InsertStatement statement, List<Integer> due) throws SQLException {
      var savepoint = connection.setSavepoint();
      statements++;
      try {
        Set<Object> stored = statement.insert(connection, batch.rows(due));
        connection.releaseSavepoint(savepoint);
        batch.settle(due, stored);
      } catch (SQLException failure) {
        if (!SqlState.isData(failure)) {
          throw failure;
        }
        connection.rollback(savepoint);
        if (due.size() == 1) {
          batch.reject(due.getFirst(), SqlState.rejection(failure));
          return;
        }
        int middle = due.size() / 2;
        insert(statement, due.subList(0, middle));
        insert(statement, due.subList(middle, due.size()));
      }
    }
  }

  /** What is known about the items of a batch so far. */
  private static final class Batch {
    private static final Comparator<Row> BY_KEY =
        (left, right) ->
            left.key() instanceof UUID uuid
                ? uuid.compareTo((UUID) right.key())
                : ((String) left.key()).compareTo((String) right.key());

    private static final Comparator<Marker> BY_SERIES =
        Comparator.comparing(Marker::canary).thenComparingLong(Marker::seq);

    private final List<Item> items;
    private final @Nullable Outcome[] outcomes;

    Batch(List<Item> items) {
      this.items = items;
      this.outcomes = new @Nullable Outcome[items.size()];
      for (int i = 0; i < outcomes.length; i++) {
        if (items.get(i).decoded() instanceof Decoded.Rejected rejected) {
          outcomes[i] = new Outcome.Rejected(rejected.rejection());
        }
      }
    }

    /** Whether there are rows and nothing else. */
    boolean clean() {
      return items.stream().allMatch(item -> item.decoded() instanceof Decoded.Fits);
    }

    /** Before the rows, and in one order: then no two writers wait for each other. */
    void storeMarkers(Connection connection) throws SQLException {
      List<Integer> markers = new ArrayList<>();
      for (int i = 0; i < outcomes.length; i++) {
        if (items.get(i).decoded() instanceof Decoded.OfCanary) {
          markers.add(i);
        }
      }
      markers.sort(Comparator.comparing(this::marker, BY_SERIES));
      for (int i : markers) {
        outcomes[i] = CanaryTable.insert(connection, marker(i));
      }
    }

    private Marker marker(int item) {
      return ((Decoded.OfCanary) items.get(item).decoded()).marker();
    }

    private Row row(int item) {
      return switch (items.get(item).decoded()) {
        case Decoded.Fits fits -> fits.row();
        case Decoded.Rejected _, Decoded.OfCanary _, Decoded.NeedsChange _ ->
            throw new IllegalStateException("only rows are inserted");
      };
    }

    List<Row> rows(List<Integer> due) {
      return due.stream().map(this::row).toList();
    }

    /** The first open item of each key, in the order of keys: two writers lock in one order. */
    List<Integer> firsts() {
      Map<Object, Integer> firsts = HashMap.newHashMap(items.size());
      for (int i = 0; i < outcomes.length; i++) {
        if (outcomes[i] == null) {
          firsts.putIfAbsent(row(i).key(), i);
        }
      }
      List<Integer> sorted = new ArrayList<>(firsts.values());
      sorted.sort(Comparator.comparing(this::row, BY_KEY));
      return sorted;
    }

    /** Those of the keys are stored, the others duplicates, and so is all that repeats them. */
    void settle(List<Integer> due, Set<Object> stored) {
      Map<Object, Integer> inserted = HashMap.newHashMap(due.size());
      due.forEach(item -> inserted.put(row(item).key(), item));
      for (int i = 0; i < outcomes.length; i++) {
        if (outcomes[i] == null) {
          Integer first = inserted.get(row(i).key());
          if (first != null) {
            boolean isNew = first == i && stored.contains(row(i).key());
            outcomes[i] = isNew ? Outcome.STORED : Outcome.DUPLICATE;
          }
        }
      }
    }

    void reject(int item, Rejection rejection) {
      outcomes[item] = new Outcome.Rejected(rejection);
    }

    List<DeadLetterTable.Entry> deadLetters() {
      List<DeadLetterTable.Entry> entries = new ArrayList<>();
      for (int i = 0; i < outcomes.length; i++) {
        if (outcomes[i] instanceof Outcome.Rejected rejected) {
          entries.add(new DeadLetterTable.Entry(items.get(i).message(), rejected.rejection()));
        }
      }
      return entries;
    }

    List<Outcome> outcomes() {
      List<Outcome> settled = new ArrayList<>(outcomes.length);
      for (Outcome outcome : outcomes) {
        if (outcome == null) {
          throw new IllegalStateException("a message has no outcome");
        }
        settled.add(outcome);
      }
      return settled;
    }
  }
}
