package dev.escala.ingest;

import dev.escala.decode.ColumnChange;
import dev.escala.decode.Decoded;
import dev.escala.decode.Decoder;
import dev.escala.decode.Decoder.Evolution;
import dev.escala.decode.TableColumns;
import dev.escala.ingest.TableChanges.Change;
import dev.escala.model.Message;
import dev.escala.model.Moment;
import dev.escala.model.Outcome;
import dev.escala.model.ReasonCode;
import dev.escala.model.Rejection;
import dev.escala.model.ReturnReason;
import dev.escala.observe.Observer;
import dev.escala.store.MessageWriter;
import dev.escala.store.Rehearsed;
import dev.escala.store.StoreException;
import dev.escala.store.TableWriter.Item;
import dev.escala.store.TopicStore;
import dev.escala.store.Written;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** The way of one topic's messages into its table: decode, change the table if need be, write. */
public final class Pipeline implements MessageWriter {
  /** A widening may follow on a new column, and another instance may be first at each. */
  private static final int MOST_EVOLUTIONS = 4;

  /** Reasons that another column or type would take away. */
  private static final Set<ReasonCode> OF_TABLE =
      Set.of(
          ReasonCode.FIELD_MISSING,
          ReasonCode.FIELD_UNKNOWN,
          ReasonCode.FIELD_TYPE,
          ReasonCode.FIELD_RANGE,
          ReasonCode.FIELD_TOO_LONG,
          ReasonCode.NUMBER_PRECISION,
          ReasonCode.TIME_FORMAT);

  private final Decoder decoder;
  private final TopicStore store;
  private final TableChanges changes;
  private final ColumnBudget budget = new ColumnBudget(System::nanoTime);

  /**
   * The way of a topic.
   *
   * @param patience how long messages wait at most for a change of the table that others hold up
   */
  public Pipeline(Decoder decoder, TopicStore store, Duration patience, Observer observer) {
    this.decoder = decoder;
    this.store = store;
    this.changes = new TableChanges(store.shape(), decoder.topic(), patience, observer);
  }

  /** How often the table was changed for messages, and for which columns they were last decoded. */
  private record Evolved(int times, @Nullable TableColumns columns) {
    static final Evolved NEVER = new Evolved(0, null);

    /** What did not change the table now would not do so next time. */
    Evolution next(TableColumns now) {
      return times >= MOST_EVOLUTIONS || now.equals(columns)
          ? Evolution.FINISHED
          : Evolution.ALLOWED;
    }
  }

  @Override
  public Written write(List<Message> messages) {
    return write(messages, Evolved.NEVER);
  }

  /** Somebody may have changed the table since its columns were read: then they are read again. */
  private Written write(List<Message> messages, Evolved evolved) {
    Written first = attempt(messages, evolved);
    if (first.failure() == null || first.failure().reason() != ReturnReason.TABLE_MISCONFIGURED) {
      return first;
    }
    store.shape().invalidate();
    return attempt(messages, evolved);
  }

  /** Forgets what is known of the table, which somebody put right. */
  void lookAgain() {
    store.shape().invalidate();
  }

  /** What {@link #write} would do now; nothing of it is kept. */
  Rehearsed rehearse(List<Message> messages) {
    Sorted sorted;
    try {
      sorted = sorted(messages, Evolved.NEVER);
    } catch (StoreException away) {
      return Rehearsed.failed(messages.size(), away);
    }
    Rehearsed rehearsed = store.writer().rehearse(sorted.columns, sorted.items);
    return new Rehearsed(sorted.inOrder(rehearsed.outcomes()), rehearsed.failure());
  }

  private Written attempt(List<Message> messages, Evolved evolved) {
    long started = System.nanoTime();
    Sorted sorted;
    try {
      sorted = sorted(messages, evolved);
    } catch (StoreException away) {
      return Written.failed(messages.size(), away);
    }
    TableColumns columns = sorted.columns;
    Duration decoding = Duration.ofNanos(System.nanoTime() - started);
    if (sorted.waiting.isEmpty()) {
      return store.writer().write(columns, sorted.items).decodedIn(decoding);
    }
    CompletableFuture<Change> change = changes.request(sorted.changes);
    Written written = store.writer().write(columns, sorted.items).decodedIn(decoding);
    Evolved next = new Evolved(evolved.times() + 1, columns);
    return new Written(
        sorted.inOrder(written.outcomes()),
        written.failure(),
        new AfterChange(change, sorted.waiting, next),
        decoding);
  }

  /** Messages that are decoded and written again once their table was changed. */
  private final class AfterChange implements Written.Waiting {
    private final CompletableFuture<Change> change;
    private final List<Message> messages;
    private final Evolved evolved;

    AfterChange(CompletableFuture<Change> change, List<Message> messages, Evolved evolved) {
      this.change = change;
      this.messages = messages;
      this.evolved = evolved;
    }

    @Override
    public void await() throws InterruptedException {
      try {
        var _ = change.get();
      } catch (ExecutionException impossible) {
        throw new IllegalStateException("changes end without an exception", impossible);
      }
    }

    @Override
    public Written write() {
      return switch (change.join()) {
        case Change.Tried _ -> Pipeline.this.write(messages, evolved);
        case Change.GivenUp(ReturnReason reason) -> Written.givenBack(messages.size(), reason);
        case Change.Failed(StoreException failure) -> Written.failed(messages.size(), failure);
      };
    }
  }

  /** Messages that can be written now, and those for which the table has to change first. */
  private static final class Sorted {
    private final TableColumns columns;
    private final List<Item> items = new ArrayList<>();
    private final List<Message> waiting = new ArrayList<>();
    private final Set<ColumnChange> changes = new LinkedHashSet<>();
    private final List<Boolean> waits = new ArrayList<>();
    private boolean tableIsBlamed;

    Sorted(TableColumns columns) {
      this.columns = columns;
    }

    void add(Message message, Decoded decoded) {
      switch (decoded) {
        case Decoded.Fits _ when !columns.ready() -> keep(message, List.of());
        case Decoded.NeedsChange needed -> keep(message, needed.changes());
        case Decoded.Fits _ -> done(message, decoded);
        case Decoded.Rejected(Rejection rejection) -> {
          tableIsBlamed |= OF_TABLE.contains(rejection.reason());
          done(message, decoded);
        }
      }
    }

    private void done(Message message, Decoded decoded) {
      waits.add(false);
      items.add(new Item(message, decoded));
    }

    private void keep(Message message, List<ColumnChange> needed) {
      waits.add(true);
      waiting.add(message);
      changes.addAll(needed);
    }

    List<@Nullable Outcome> inOrder(List<@Nullable Outcome> ofItems) {
      Iterator<@Nullable Outcome> next = ofItems.iterator();
      List<@Nullable Outcome> outcomes = new ArrayList<>(waits.size());
      for (boolean wait : waits) {
        outcomes.add(wait ? null : next.next());
      }
      return outcomes;
    }
  }

  /** Nothing is rejected for what the table was: somebody may have changed it as advised. */
  private Sorted sorted(List<Message> messages, Evolved evolved) {
    Sorted sorted = sort(messages, store.shape().columns(), evolved);
    if (!sorted.tableIsBlamed) {
      return sorted;
    }
    store.shape().invalidate();
    TableColumns now = store.shape().columns();
    return now.equals(sorted.columns) ? sorted : sort(messages, now, evolved);
  }

  private Sorted sort(List<Message> messages, TableColumns columns, Evolved evolved) {
    Sorted sorted = new Sorted(columns);
    Evolution evolution = evolved.next(columns);
    for (Message message : messages) {
      sorted.add(message, decoded(message, columns, evolution));
    }
    return sorted;
  }

  private Decoded decoded(Message message, TableColumns columns, Evolution evolution) {
    Decoded decoded = decoder.decode(message, columns, evolution);
    return decoded instanceof Decoded.NeedsChange needed && !budget.grants(needed.changes())
        ? decoder.decode(message, columns, Evolution.FINISHED)
        : decoded;
  }

  @Override
  public void probe() {
    store.shape().invalidate();
    store.writer().probe(store.shape().columns());
  }

  @Override
  public void stop() {
    changes.stop();
  }

  @Override
  public Optional<Moment> tableLockedSince() {
    return changes.delayedSince();
  }
}
