package dev.escala.store.postgres;

import dev.escala.decode.Decoded;
import dev.escala.decode.Row;
import dev.escala.model.Message;
import dev.escala.model.Outcome;
import dev.escala.model.Rejection;
import dev.escala.store.TableWriter.Item;
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

  private final List<Item> items;
  private final @Nullable Outcome[] outcomes;

  /** What the decoder rejected has its outcome already. */
  BatchOutcomes(List<Item> items) {
    this.items = items;
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

  /** The first open item of each key, in the order of keys: two writers lock in one order. */
  List<Integer> firstOfEachKey() {
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
