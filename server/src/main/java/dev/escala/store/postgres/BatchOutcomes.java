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
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  /** The open item that counts of each row, in the order of rows. */
  List<Integer> oneOfEachRow() {
    Map<Object, Integer> ones = HashMap.newHashMap(items.size());
    for (int i = 0; i < outcomes.length; i++) {
      if (outcomes[i] == null) {
        var _ = ones.merge(identity(i), i, this::counting);
      }
    }
    List<Integer> sorted = new ArrayList<>(ones.values());
    sorted.sort(Comparator.comparing(this::row, RowIdentity.ORDER));
    return sorted;
  }

  private Integer counting(Integer earlier, Integer later) {
    boolean isLater = versions && BY_VERSION.compare(row(earlier), row(later)) <= 0;
    return isLater ? later : earlier;
  }

  /** All that were due are stored, and all that repeats them is a duplicate. */
  void inserted(List<Integer> due) {
    Set<Object> stored = HashSet.newHashSet(due.size());
    due.forEach(item -> stored.add(identity(item)));
    inserted(due, stored);
  }

  /** Those that are named are stored, the others duplicates, and so is all that repeats them. */
  void inserted(List<Integer> due, Set<Object> stored) {
    Map<Object, Integer> inserted = HashMap.newHashMap(due.size());
    due.forEach(item -> inserted.put(identity(item), item));
    for (int i = 0; i < outcomes.length; i++) {
      if (outcomes[i] == null) {
        Object identity = identity(i);
        Integer first = inserted.get(identity);
        if (first != null) {
          boolean isNew = first == i && stored.contains(identity);
          outcomes[i] = isNew ? Outcome.STORED : Outcome.DUPLICATE;
        }
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
