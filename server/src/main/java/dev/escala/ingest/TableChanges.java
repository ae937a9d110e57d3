package dev.escala.ingest;

import dev.escala.decode.ColumnChange;
import dev.escala.model.Backoff;
import dev.escala.model.Moment;
import dev.escala.model.ReturnReason;
import dev.escala.observe.Observation.TableChangeDelayed;
import dev.escala.observe.Observation.TableChangeSettled;
import dev.escala.observe.Observation.TaskFailed;
import dev.escala.observe.Observer;
import dev.escala.store.StoreException;
import dev.escala.store.TableShape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Changes the table of one topic beside its writes. Each try waits a moment for the lock; while
 * others keep the table it is tried again, and messages that need the change wait for a bounded
 * time only.
 */
final class TableChanges {
  private static final Backoff BETWEEN_TRIES =
      new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10));

  private final TableShape shape;
  private final String topic;
  private final Duration patience;
  private final Observer observer;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition stopping = lock.newCondition();

  // Guarded by the lock.
  private final Set<ColumnChange> wanted = new LinkedHashSet<>();
  private List<CompletableFuture<Change>> waiting = new ArrayList<>();
  private boolean running;
  private boolean stopped;

  private volatile @Nullable Moment delayedSince;

  /** How a change ended for those who waited for it. */
  sealed interface Change {
    /** It was tried; the columns tell what became of it. */
    record Tried() implements Change {}

    /** Others keep the table, or the server stops: whoever needs it is given back. */
    record GivenUp(ReturnReason reason) implements Change {}

    /** The database did not answer, or refused. */
    record Failed(StoreException failure) implements Change {}
  }

  /** Messages wait for their change at most so long as patience lasts. */
  TableChanges(TableShape shape, String topic, Duration patience, Observer observer) {
    this.shape = shape;
    this.topic = topic;
    this.patience = patience;
    this.observer = observer;
  }

  /** Asks for changes; none at all creates the table, or completes it. Returns at once. */
  CompletableFuture<Change> request(Collection<ColumnChange> changes) {
    lock.lock();
    try {
      if (stopped) {
        return CompletableFuture.completedFuture(new Change.GivenUp(ReturnReason.SHUTDOWN));
      }
      wanted.addAll(changes);
      CompletableFuture<Change> change = new CompletableFuture<>();
      if (isOverdue()) {
        change.complete(new Change.GivenUp(ReturnReason.TABLE_LOCKED));
      } else {
        waiting.add(change);
      }
      if (!running) {
        running = true;
        Thread.ofVirtual().name("changes of the table of " + topic).start(this::run);
      }
      return change;
    } finally {
      lock.unlock();
    }
  }

  /** Since when a change waits for others to leave the table. */
  Optional<Moment> delayedSince() {
    return Optional.ofNullable(delayedSince);
  }

  private boolean isOverdue() {
    Moment since = delayedSince;
    return since != null && since.age().compareTo(patience) > 0;
  }

  /** What is tried together, and who waits for it. */
  private record Round(List<ColumnChange> changes, List<CompletableFuture<Change>> waiting) {
    void end(Change change) {
      waiting.forEach(one -> one.complete(change));
    }
  }

  private void run() {
    int failures = 0;
    Optional<Round> next = begin();
    while (next.isPresent()) {
      Round round = next.get();
      try {
        shape.evolve(round.changes());
        failures = 0;
        ended(round, new Change.Tried());
      } catch (StoreException failure) {
        if (failure.reason() == ReturnReason.TABLE_LOCKED) {
          delayed(round, failure);
          pause(BETWEEN_TRIES.after(++failures));
        } else {
          ended(round, new Change.Failed(failure));
        }
      } catch (RuntimeException bug) {
        observer.observed(new TaskFailed("changes of the table of " + topic, bug));
        ended(
            round,
            new Change.Failed(
                new StoreException(ReturnReason.DATABASE_UNAVAILABLE, "", "failed unexpectedly")));
      }
      next = begin();
    }
  }

  /** All that is wanted by now; empty where this thread is not needed any more. */
  private Optional<Round> begin() {
    lock.lock();
    try {
      if (stopped || (waiting.isEmpty() && delayedSince == null)) {
        running = false;
        return Optional.empty();
      }
      Round round = new Round(List.copyOf(wanted), waiting);
      wanted.clear();
      waiting = new ArrayList<>();
      return Optional.of(round);
    } finally {
      lock.unlock();
    }
  }

  private void ended(Round round, Change change) {
    Moment since;
    lock.lock();
    try {
      since = delayedSince;
      delayedSince = null;
    } finally {
      lock.unlock();
    }
    round.end(change);
    if (since != null) {
      observer.observed(new TableChangeSettled(topic, since.age()));
    }
  }

  private void delayed(Round round, StoreException failure) {
    boolean first;
    boolean waits;
    ReturnReason reason;
    lock.lock();
    try {
      first = delayedSince == null;
      if (first) {
        delayedSince = Moment.now();
      }
      // Nobody comes back for those who wait when all was stopped during the try.
      reason = stopped ? ReturnReason.SHUTDOWN : ReturnReason.TABLE_LOCKED;
      waits = !stopped && !isOverdue();
      wanted.addAll(round.changes());
      if (waits) {
        waiting.addAll(round.waiting());
      }
    } finally {
      lock.unlock();
    }
    if (!waits) {
      round.end(new Change.GivenUp(reason));
    }
    if (first) {
      observer.observed(new TableChangeDelayed(topic, failure.detail()));
    }
  }

  private void pause(Duration time) {
    lock.lock();
    try {
      long left = time.toNanos();
      while (left > 0 && !stopped) {
        left = stopping.awaitNanos(left);
      }
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** Whoever waits is given back at once; a try under way ends by itself. */
  void stop() {
    List<CompletableFuture<Change>> left;
    lock.lock();
    try {
      stopped = true;
      left = waiting;
      waiting = new ArrayList<>();
      stopping.signalAll();
    } finally {
      lock.unlock();
    }
    left.forEach(one -> one.complete(new Change.GivenUp(ReturnReason.SHUTDOWN)));
  }
}
