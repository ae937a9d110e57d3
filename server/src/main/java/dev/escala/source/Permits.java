package dev.escala.source;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How much a source may hold at once, in messages and in bytes of their payloads.
 *
 * <p>Whoever holds nothing may always take something, however large: a message above the limit is
 * slow, not stuck.
 */
public final class Permits {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition released = lock.newCondition();
  private final int maxMessages;
  private final long maxBytes;
  private long messages;
  private long bytes;

  public Permits(int maxMessages, long maxBytes) {
    if (maxMessages < 1 || maxBytes < 1) {
      throw new IllegalArgumentException("permits of " + maxMessages + ", " + maxBytes + " bytes");
    }
    this.maxMessages = maxMessages;
    this.maxBytes = maxBytes;
  }

  /**
   * Waits until at least one message of that size fits, and takes room for as many as fit.
   *
   * @return for how many messages there is room, at most {@code wanted}; 0 after the wait
   */
  public int acquireUpTo(int wanted, long bytesEach, Duration wait) throws InterruptedException {
    long left = wait.toNanos();
    lock.lockInterruptibly();
    try {
      int fitting = fitting(wanted, bytesEach);
      while (fitting == 0 && left > 0) {
        left = released.awaitNanos(left);
        fitting = fitting(wanted, bytesEach);
      }
      take(fitting, fitting * bytesEach);
      return fitting;
    } finally {
      lock.unlock();
    }
  }

  private int fitting(int wanted, long bytesEach) {
    long room = Math.min(maxMessages - messages, (maxBytes - bytes) / Math.max(1, bytesEach));
    return room < 1 && nothingIsHeld() ? 1 : Math.clamp(room, 0, wanted);
  }

  private boolean nothingIsHeld() {
    return messages == 0 && bytes == 0;
  }

  /** Whether so much could be taken now. */
  public boolean hasRoom(int wantedMessages, long wantedBytes) {
    lock.lock();
    try {
      return nothingIsHeld()
          || (messages + wantedMessages <= maxMessages && bytes + wantedBytes <= maxBytes);
    } finally {
      lock.unlock();
    }
  }

  /** Takes all of it now, or nothing. */
  public boolean tryAcquire(int wantedMessages, long wantedBytes) {
    lock.lock();
    try {
      if (!hasRoom(wantedMessages, wantedBytes)) {
        return false;
      }
      take(wantedMessages, wantedBytes);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Replaces a reservation by what really came, which may be more than there was room for. */
  public void exchange(int reserved, long reservedBytes, int held, long heldBytes) {
    lock.lock();
    try {
      take(held - reserved, heldBytes - reservedBytes);
      released.signalAll();
    } finally {
      lock.unlock();
    }
  }

  public void release(int releasedMessages, long releasedBytes) {
    exchange(releasedMessages, releasedBytes, 0, 0);
  }

  private void take(int moreMessages, long moreBytes) {
    messages += moreMessages;
    bytes += moreBytes;
  }

  /** Messages held or reserved now. */
  public long messagesHeld() {
    lock.lock();
    try {
      return messages;
    } finally {
      lock.unlock();
    }
  }
}
