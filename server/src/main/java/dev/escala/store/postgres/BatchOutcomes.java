package dev.escala.store.postgres;

import dev.escala.decode.Decoded;
import dev.escala.decode.Row;
import dev.escala.model.Message;
import dev.escala.model.Outcome;
import dev.escala.model.Rejection;
import dev.escala.store.TableWriter.Item;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is known about the items of a batch so far; items are named by their positions. */
final class BatchOutcomes {
  private static final Comparator<Row> BY_KEY =
      (left, right) ->
          left.key() instanceof UUID uuid
              ? uuid.compareTo((UUID) right.key())
              : ((String) left.key()).compareTo((String) right.key());

  /** Of those at the same time and place the one that comes later is the later version. */
  private static final Comparator<Row> BY_VERSION =
      Comparator.comparing(Row::eventTime).thenComparing(BatchOutcomes::bySequence);

  private final List<Item> items;
  private final boolean versions;
  private final @Nullable Outcome[] outcomes;

  /**
   * What the decoder rejected has its outcome already.
   *
   * @param versions whether of several with one key the latest is the row, and not the first
   */
  BatchOutcomes(List<Item> items, boolean versions) {
    this.items = items;
    this.versions = versions;
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

  /** The open item of each key that counts, in the order of keys: two writers lock in one order. */
  List<Integer> oneOfEachKey() {
    Map<Object, Integer> ones = HashMap.newHashMap(items.size());
    for (int i = 0; i < outcomes.length; i++) {
      if (outcomes[i] == null) {
        var _ = ones.merge(row(i).key(), i, this::counting);
      }
    }
    List<Integer> sorted = new ArrayList<>(ones.values());
    sorted.sort(Comparator.comparing(this::row, BY_KEY));
    return sorted;
  }

  private Integer counting(Integer earlier, Integer later) {
    boolean isLater = versions && BY_VERSION.compare(row(earlier), row(later)) <= 0;
    return isLater ? later : earlier;
  }

  /** Those of the keys are stored, the others duplicates, and so is all that repeats them. */
  void inserted(List<Integer> due, Set<Object> stored) {
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
