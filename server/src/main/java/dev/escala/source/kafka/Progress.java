package dev.escala.source.kafka;

import dev.escala.model.Backoff;
import dev.escala.model.Outcome;
import dev.escala.model.ReturnReason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How far a partition is taken, and how far it is settled without a gap.
 *
 * <p>What comes back is taken again from its offset on, once nothing of the partition is under way
 * and its pause is over; what was settled behind it is known then and not handed out twice. One
 * thread takes, any may settle. Offsets that hold no record count as settled.
 */
final class Progress {
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(400), Duration.ofSeconds(30));

  private static final long NOWHERE = Long.MAX_VALUE;
  private static final long UNKNOWN = -1;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** The next offset to take. */
  private long taken = UNKNOWN;

  /** All offsets before it are settled. */
  private long settled = UNKNOWN;

  /** What is settled behind that: the first offset, and the one after the last. */
  private final TreeMap<Long, Long> beyond = new TreeMap<>();

  /** How often a message came back that is not settled since. */
  private final TreeMap<Long, Integer> returned = new TreeMap<>();

  private int underWay;
  private long backTo = NOWHERE;
  private long notBeforeNanos = System.nanoTime();

  /** The first offset that is read at all; only the first call counts. */
  void start(long offset) {
    lock.lock();
    try {
      if (taken == UNKNOWN) {
        taken = offset;
        settled = offset;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether a record with this offset was taken already, and nothing went back to it. */
  boolean isPast(long offset) {
    lock.lock();
    try {
      return offset < taken;
    } finally {
      lock.unlock();
    }
  }

  /**
   * A record is there to be taken.
   *
   * @return which delivery of it that is, from 1; 0 where it is settled
   */
  int take(long offset) {
    lock.lock();
    try {
      start(offset);
      passOver(offset);
      taken = offset + 1;
      return isSettled(offset) ? 0 : 1 + returned.getOrDefault(offset, 0);
    } finally {
      lock.unlock();
    }
  }

  /** All records before this offset were taken, and there is none between the last and it. */
  void passOver(long offset) {
    lock.lock();
    try {
      start(offset);
      if (offset > taken) {
        settle(taken, offset);
        taken = offset;
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isSettled(long offset) {
    Map.Entry<Long, Long> range = beyond.floorEntry(offset);
    return offset < settled || (range != null && offset < range.getValue());
  }

  /** Some of what was taken is a delivery now, which will be settled or given back. */
  void begin() {
    lock.lock();
    try {
      underWay++;
    } finally {
      lock.unlock();
    }
  }

  /** A delivery is settled: offsets in order, and the outcome of each. */
  void end(List<Long> offsets, List<Outcome> outcomes) {
    lock.lock();
    try {
      underWay--;
      for (int i = 0; i < outcomes.size(); i++) {
        long offset = offsets.get(i);
        switch (outcomes.get(i)) {
          case Outcome.Stored s -> settle(offset, offset + 1);
          case Outcome.Duplicate d -> settle(offset, offset + 1);
          case Outcome.Rejected r -> settle(offset, offset + 1);
          case Outcome.Returned back -> returned(offset, back.reason());
        }
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void returned(long offset, ReturnReason reason) {
    int times = returned.merge(offset, 1, Integer::sum);
    if (reason != ReturnReason.SHUTDOWN) {
      notBeforeNanos = System.nanoTime() + BACKOFF.after(times).toNanos();
    }
    backTo = Math.min(backTo, offset);
  }

  /** A delivery was never handed out: it is taken again from its first offset on. */
  void giveBack(long firstOffset) {
    lock.lock();
    try {
      underWay--;
      backTo = Math.min(backTo, firstOffset);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** What was taken from this offset on, and is no delivery, is to be taken again. */
  void untake(long offset) {
    lock.lock();
    try {
      backTo = Math.min(backTo, offset);
    } finally {
      lock.unlock();
    }
  }

  private void settle(long from, long to) {
    long first = from;
    long end = to;
    Map.Entry<Long, Long> before = beyond.floorEntry(from);
    if (before != null && before.getValue() >= from) {
      first = before.getKey();
      end = Math.max(end, before.getValue());
    }
    Map.Entry<Long, Long> next = beyond.ceilingEntry(from);
    while (next != null && next.getKey() <= end) {
      end = Math.max(end, next.getValue());
      beyond.remove(next.getKey());
      next = beyond.ceilingEntry(from);
    }
    if (first <= settled) {
      beyond.remove(first);
      settled = Math.max(settled, end);
      returned.headMap(settled).clear();
    } else {
      beyond.put(first, end);
    }
  }

  /** Whether something is to be taken again, for which the partition has to be held. */
  boolean goesBack() {
    lock.lock();
    try {
      return backTo != NOWHERE;
    } finally {
      lock.unlock();
    }
  }

  /** From where on to take again, if the time for it has come; asked once for each way back. */
  OptionalLong wayBack() {
    lock.lock();
    try {
      if (backTo == NOWHERE || underWay > 0 || System.nanoTime() - notBeforeNanos < 0) {
        return OptionalLong.empty();
      }
      taken = backTo;
      backTo = NOWHERE;
      return OptionalLong.of(taken);
    } finally {
      lock.unlock();
    }
  }

  /** Up to where to commit; empty where nothing is known of the partition yet. */
  OptionalLong settledUpTo() {
    lock.lock();
    try {
      return settled == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(settled);
    } finally {
      lock.unlock();
    }
  }

  /** Whether all that is under way was settled or given back within the wait. */
  boolean awaitNothingUnderWay(Duration wait) throws InterruptedException {
    long left = wait.toNanos();
    lock.lockInterruptibly();
    try {
      while (underWay > 0 && left > 0) {
        left = changed.awaitNanos(left);
      }
      return underWay == 0;
    } finally {
      lock.unlock();
    }
  }
}
