package dev.escala.ingest;

import dev.escala.decode.ColumnChange;
import dev.escala.decode.Decoded;
import dev.escala.decode.Decoder;
import dev.escala.decode.Decoder.Evolution;
import dev.escala.decode.Marker;
import dev.escala.decode.TableColumns;
import dev.escala.model.Message;
import dev.escala.model.Outcome;
import dev.escala.model.ReturnReason;
import dev.escala.store.StoreException;
import dev.escala.store.TableWriter.Item;
import dev.escala.store.TopicStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The way of one topic's messages into its table. */
public final class Pipeline {
  /** A widening may follow on a new column, and another instance may be first at each. */
  private static final int MOST_EVOLUTIONS = 4;

  private final Decoder decoder;
  private final TopicStore store;

  public Pipeline(Decoder decoder, TopicStore store) {
    this.decoder = decoder;
    this.store = store;
  }

  /** What the messages ended in, in their order, and how long it took. */
  record Result(List<Outcome> outcomes, Duration decode, Duration write) {}

  /**
   * Stores messages, at most so many rows in one statement.
   *
   * @throws StoreException where not all could be stored; those that were are duplicates next time
   */
  Result store(List<Message> messages, int rows) {
    List<Outcome> outcomes = new ArrayList<>(messages.size());
    Duration decode = Duration.ZERO;
    Duration write = Duration.ZERO;
    for (int from = 0; from < messages.size(); from += rows) {
      Result part = storePart(messages.subList(from, Math.min(from + rows, messages.size())));
      outcomes.addAll(part.outcomes());
      decode = decode.plus(part.decode());
      write = write.plus(part.write());
    }
    return new Result(outcomes, decode, write);
  }

  /** Somebody may have changed the table since its columns were read: then they are read again. */
  private Result storePart(List<Message> messages) {
    try {
      return attempt(messages);
    } catch (StoreException failure) {
      if (failure.reason() != ReturnReason.TABLE_MISCONFIGURED) {
        throw failure;
      }
      store.shape().invalidate();
      return attempt(messages);
    }
  }

  private Result attempt(List<Message> messages) {
    long started = System.nanoTime();
    Fitting fitting = fit(messages);
    long written = System.nanoTime();
    List<Outcome> outcomes = store.writer().write(fitting.columns(), fitting.items());
    return new Result(
        outcomes,
        Duration.ofNanos(written - started),
        Duration.ofNanos(System.nanoTime() - written));
  }

  /** Messages as they were decoded for these columns. */
  private record Fitting(TableColumns columns, List<Item> items) {}

  /** Changes the table until each message fits or is rejected. */
  private Fitting fit(List<Message> messages) {
    TableColumns columns = store.shape().columns();
    Evolution evolution = Evolution.ALLOWED;
    for (int evolutions = 1; ; evolutions++) {
      List<Decoded> decoded = decode(messages, columns, evolution);
      List<ColumnChange> changes = changes(decoded);
      boolean missing =
          !columns.exists() && decoded.stream().anyMatch(Decoded.Fits.class::isInstance);
      if (!missing && changes.isEmpty()) {
        return new Fitting(columns, items(messages, decoded));
      }
      TableColumns evolved = store.shape().evolve(changes);
      if (evolved.equals(columns) || evolutions == MOST_EVOLUTIONS) {
        evolution = Evolution.FINISHED;
      }
      columns = evolved;
    }
  }

  private static List<Item> items(List<Message> messages, List<Decoded> decoded) {
    List<Item> items = new ArrayList<>(messages.size());
    for (int i = 0; i < messages.size(); i++) {
      items.add(new Item(messages.get(i), decoded.get(i)));
    }
    return items;
  }

  private List<Decoded> decode(List<Message> messages, TableColumns columns, Evolution evolution) {
    List<Decoded> decoded = new ArrayList<>(messages.size());
    for (Message message : messages) {
      decoded.add(decode(message, columns, evolution));
    }
    return decoded;
  }

  /** Markers are recognised whether this process has a canary or not: another may have one. */
  private Decoded decode(Message message, TableColumns columns, Evolution evolution) {
    return Marker.in(message)
        .filter(marker -> store.canaries().key().signed(marker))
        .<Decoded>map(Decoded.OfCanary::new)
        .orElseGet(() -> decoder.decode(message, columns, evolution));
  }

  private static List<ColumnChange> changes(List<Decoded> decoded) {
    List<ColumnChange> changes = new ArrayList<>();
    for (Decoded one : decoded) {
      if (one instanceof Decoded.NeedsChange needed) {
        changes.addAll(needed.changes());
      }
    }
    return changes.stream().distinct().toList();
  }

  /**
   * Whether messages could be stored again.
   *
   * @throws StoreException where it does not
   */
  void probe() {
    store.shape().invalidate();
    store.writer().probe(store.shape().columns());
  }
}
