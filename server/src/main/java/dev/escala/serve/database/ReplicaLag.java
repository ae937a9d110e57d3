package dev.escala.serve.database;

import dev.escala.model.Snapshot;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How far a replica may be behind, by snapshots of both sides: what had been committed at a moment
 * is read once the replica shows all that was shown where it is written to after that moment. No
 * clock but that of this process is asked. {@link #bound} of all threads, the rest of one.
 */
final class ReplicaLag {
  /** Many minutes, looked at each second. */
  private static final int MOST_KEPT = 2_000;

  private final LongSupplier nanoTime;

  /** What the replica has not shown all of yet, oldest first. */
  private final Deque<Shown> ahead = new ArrayDeque<>();

  private volatile boolean known;
  private volatile long asOfNanos;

  /**
   * @param fromNanos before it was asked for
   */
  private record Shown(long fromNanos, Snapshot snapshot) {}

  ReplicaLag(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * The database that is written to showed this. Where it shows less than before it is another one,
   * promoted without the last transactions, and what was seen of the old one says nothing any more.
   *
   * @param fromNanos before it was asked
   */
  void written(long fromNanos, Snapshot snapshot) {
    if (!ahead.isEmpty() && !snapshot.showsAllOf(ahead.getLast().snapshot())) {
      ahead.clear();
    }
    if (ahead.size() == MOST_KEPT) {
      var _ = ahead.removeFirst(); // the lag looks longer than it is, never shorter
    }
    ahead.addLast(new Shown(fromNanos, snapshot));
  }

  /** The replica showed this. */
  void replayed(Snapshot snapshot) {
    while (!ahead.isEmpty() && snapshot.showsAllOf(ahead.getFirst().snapshot())) {
      asOfNanos = ahead.removeFirst().fromNanos();
      known = true;
    }
  }

  /** What was committed longer ago than this is read for certain; empty where that is unknown. */
  Optional<Duration> bound() {
    return known
        ? Optional.of(Duration.ofNanos(nanoTime.getAsLong() - asOfNanos))
        : Optional.empty();
  }
}
