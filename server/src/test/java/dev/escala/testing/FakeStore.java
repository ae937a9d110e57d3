package dev.escala.testing;

import dev.escala.decode.Column;
import dev.escala.decode.ColumnChange;
import dev.escala.decode.ColumnType;
import dev.escala.decode.Decoded;
import dev.escala.decode.Row;
import dev.escala.decode.TableColumns;
import dev.escala.model.Outcome;
import dev.escala.model.ReasonCode;
import dev.escala.model.Rejection;
import dev.escala.model.ReturnReason;
import dev.escala.store.Rehearsed;
import dev.escala.store.StoreException;
import dev.escala.store.TableShape;
import dev.escala.store.TableWriter;
import dev.escala.store.TopicStore;
import dev.escala.store.Written;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A store whose table is a map in memory: holds to the contract of the ports. */
public final class FakeStore {
  private FakeStore() {}

  /** As one instance of the program sees the table. */
  public static TopicStore open(Table table) {
    return new TopicStore(new Shape(table), new Writer(table));
  }

  /** What several instances share, and what a test does to it. */
  public static final class Table {
    private final Map<String, ColumnType> columns = new LinkedHashMap<>();
    private final Map<String, Row> rows = new TreeMap<>();
    private final Set<String> deadLetters = new TreeSet<>();
    private boolean created;
    private boolean inUse;
    private boolean away;
    private @Nullable String notNegative;

    public synchronized List<String> keys() {
      return List.copyOf(rows.keySet());
    }

    public synchronized List<String> deadLetters() {
      return List.copyOf(deadLetters);
    }

    /** The names of its columns as they are now. */
    public synchronized Set<String> columns() {
      return Set.copyOf(columns.keySet());
    }

    /** Rows with a negative number in this column are refused, as a constraint would. */
    public synchronized void refuseNegative(String column) {
      notNegative = column;
    }

    /** Any row may have any number again. */
    public synchronized void acceptNegative() {
      notNegative = null;
    }

    /** While somebody uses it, it is not changed. */
    public synchronized void inUse(boolean used) {
      inUse = used;
    }

    public synchronized void away(boolean isAway) {
      away = isAway;
    }

    private void answer() {
      if (away) {
        throw new StoreException(ReturnReason.DATABASE_UNAVAILABLE, "08", "the table is away");
      }
    }

    private synchronized TableColumns shape() {
      answer();
      List<Column> all = new ArrayList<>();
      columns.forEach((name, type) -> all.add(Column.nullable(name, type)));
      return new TableColumns(created, false, all, Set.of());
    }

    private synchronized TableColumns evolve(List<ColumnChange> changes) {
      answer();
      if (inUse) {
        throw new StoreException(ReturnReason.TABLE_LOCKED, "55", "the table is in use");
      }
      created = true;
      for (ColumnChange change : changes) {
        switch (change) {
          case ColumnChange.Add add -> columns.putIfAbsent(add.column(), add.type());
          case ColumnChange.Widen widen ->
              columns.computeIfPresent(
                  widen.column(),
                  (name, type) -> type.widensTo(widen.type()) ? widen.type() : type);
        }
      }
      return shape();
    }

    private synchronized List<Outcome> write(
        TableColumns decodedWith, List<TableWriter.Item> items) {
      answer();
      return items.stream().map(item -> write(decodedWith, item)).toList();
    }

    private synchronized List<Outcome> rehearse(
        TableColumns decodedWith, List<TableWriter.Item> items) {
      Map<String, Row> rowsBefore = Map.copyOf(rows);
      Set<String> deadLettersBefore = Set.copyOf(deadLetters);
      List<Outcome> outcomes = write(decodedWith, items);
      rows.keySet().retainAll(rowsBefore.keySet());
      deadLetters.clear();
      deadLetters.addAll(deadLettersBefore);
      return outcomes;
    }

    private Outcome write(TableColumns decodedWith, TableWriter.Item item) {
      Outcome outcome =
          switch (item.decoded()) {
            case Decoded.Rejected(Rejection rejection) -> new Outcome.Rejected(rejection);
            case Decoded.Fits(Row row) -> insert(decodedWith, row);
            case Decoded.NeedsChange _ -> throw new IllegalStateException("refused by the item");
          };
      String id = item.message().origin().messageId();
      var _ = outcome instanceof Outcome.Rejected ? deadLetters.add(id) : deadLetters.remove(id);
      return outcome;
    }

    private Outcome insert(TableColumns decodedWith, Row row) {
      Integer checked = decodedWith.positions().get(String.valueOf(notNegative));
      if (checked != null
          && row.value(checked) instanceof Number number
          && number.longValue() < 0) {
        return new Outcome.Rejected(
            new Rejection(ReasonCode.ROW_CONSTRAINT, notNegative, "is negative", "23514"));
      }
      boolean isNew = rows.putIfAbsent(row.key().toString(), row) == null;
      return isNew ? Outcome.STORED : Outcome.DUPLICATE;
    }
  }

  private static final class Shape implements TableShape {
    private final Table table;
    private @Nullable TableColumns known;

    Shape(Table table) {
      this.table = table;
    }

    @Override
    public synchronized TableColumns columns() {
      TableColumns columns = known == null ? table.shape() : known;
      known = columns.ready() ? columns : null;
      return columns;
    }

    @Override
    public synchronized TableColumns evolve(List<ColumnChange> changes) {
      TableColumns columns = table.evolve(changes);
      known = columns;
      return columns;
    }

    @Override
    public synchronized void invalidate() {
      known = null;
    }
  }

  private record Writer(Table table) implements TableWriter {
    @Override
    public Written write(TableColumns columns, List<Item> items) {
      try {
        return Written.of(table.write(columns, items));
      } catch (StoreException away) {
        return Written.failed(items.size(), away);
      }
    }

    @Override
    public Rehearsed rehearse(TableColumns columns, List<Item> items) {
      try {
        return new Rehearsed(new ArrayList<>(table.rehearse(columns, items)), null);
      } catch (StoreException away) {
        return Rehearsed.failed(items.size(), away);
      }
    }

    @Override
    public void probe(TableColumns columns) {
      var _ = table.shape();
    }
  }
}
