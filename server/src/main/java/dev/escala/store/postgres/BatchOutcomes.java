package dev.escala.store.postgres;

import dev.escala.decode.Decoded;
import dev.escala.decode.Dedup;
import dev.escala.decode.Row;
import dev.escala.model.Message;
import dev.escala.model.Outcome;
import dev.escala.model.Rejection;
import dev.escala.store.TableWriter.Item;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What is known about the items of a batch so far; items are named by their positions. */
final class BatchOutcomes {
  /** Of those at the same time and place the one that comes later is the later version. */
  private static final Comparator<Row> BY_VERSION =
      Comparator.comparing(Row::eventTime).thenComparing(BatchOutcomes::bySequence);

  private final List<Item> items;
  private final boolean versions;
  private final boolean withTime;
  private final @Nullable Outcome[] outcomes;

  /**
   * What the decoder rejected has its outcome already.
   *
   * @param dedup what is there once, and whether of several the latest is the row, or the first
   */
  BatchOutcomes(List<Item> items, Dedup dedup) {
    this.items = items;
    this.versions = dedup.versions();
    this.withTime = dedup.mode() == Dedup.Mode.KEY_TIME;
    this.outcomes = new @Nullable Outcome[items.size()];
    for (int i = 0; i < outcomes.length; i++) {
      if (items.get(i).decoded() instanceof Decoded.Rejected rejected) {
        outcomes[i] = new Outcome.Rejected(rejected.rejection());
      }
    }
  }

  /** Whether there are rows and nothing else. */
  boolean isClean() {
    return items.stream().allMatch(item -> item.decoded() instanceof Decoded.Fits);
  }

  List<Message> messages() {
    return items.stream().map(Item::message).toList();
  }

  private Row row(int item) {
    return switch (items.get(item).decoded()) {
      case Decoded.Fits fits -> fits.row();
      case Decoded.Rejected _, Decoded.NeedsChange _ ->
          throw new IllegalStateException("only rows are inserted");
    };
  }

  List<Row> rows(List<Integer> due) {
    return due.stream().map(this::row).toList();
  }

  private static int bySequence(Row left, Row right) {
    BigDecimal first = left.sequence();
    BigDecimal second = right.sequence();
    return first == null || second == null ? 0 : first.compareTo(second);
  }

  /** Whether an item takes its row away. */
  boolean deletes(int item) {
    return row(item).deletes();
  }

  /** Whether any item does. */
  boolean anyDeletes() {
    return items.stream()
        .anyMatch(item -> item.decoded() instanceof Decoded.Fits(Row row) && row.deletes());
  }

  private Object identity(int item) {
    return RowIdentity.of(row(item), withTime);
  }

  /** An item and its row. */
  private record Place(int item, Row row) {}

  /** Those of one row stand beside each other, in the order of items. */
  private int compare(Place left, Place right) {
    int byRow = RowIdentity.compare(left.row(), right.row(), withTime);
    return byRow != 0 ? byRow : Integer.compare(left.item(), right.item());
  }

  /** The open item that counts of each row, in the order of rows. */
  List<Integer> oneOfEachRow() {
    Place[] places =
        IntStream.range(0, outcomes.length)
            .filter(item -> outcomes[item] == null)
            .mapToObj(item -> new Place(item, row(item)))
            .toArray(Place[]::new);
    Arrays.sort(places, this::compare);
    List<Integer> ones = new ArrayList<>(places.length);
    @Nullable Place one = null;
    for (Place next : places) {
      if (one != null && RowIdentity.compare(one.row(), next.row(), withTime) != 0) {
        ones.add(one.item());
        one = null;
      }
      one = one == null ? next : counting(one, next);
    }
    if (one != null) {
      ones.add(one.item());
    }
    return ones;
  }

  private Place counting(Place earlier, Place later) {
    boolean isLater = versions && BY_VERSION.compare(earlier.row(), later.row()) <= 0;
    return isLater ? later : earlier;
  }

  /**
   * What became of those that were due: the others are duplicates of them, and so are those that
   * repeat them.
   *
   * @param stored whether a row is there now that was not before, by its identity
   */
  void inserted(List<Integer> due, Predicate<Object> stored) {
    for (int item : due) {
      outcomes[item] = stored.test(identity(item)) ? Outcome.STORED : Outcome.DUPLICATE;
    }
    if (Arrays.asList(outcomes).contains(null)) {
      repeated(due);
    }
  }

  private void repeated(List<Integer> due) {
    Set<Object> decided = HashSet.newHashSet(due.size());
    due.forEach(item -> decided.add(identity(item)));
    for (int i = 0; i < outcomes.length; i++) {
      if (outcomes[i] == null && decided.contains(identity(i))) {
        outcomes[i] = Outcome.DUPLICATE;
      }
    }
  }

  void rejected(int item, Rejection rejection) {
    outcomes[item] = new Outcome.Rejected(rejection);
  }

  /** Those that are stored or duplicates by now. */
  List<Message> settled() {
    List<Message> settled = new ArrayList<>();
    for (int i = 0; i < outcomes.length; i++) {
      if (outcomes[i] instanceof Outcome.Stored || outcomes[i] instanceof Outcome.Duplicate) {
        settled.add(items.get(i).message());
      }
    }
    return settled;
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

  /** Of all items, in their order. */
  List<Outcome> all() {
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
