package dev.escala.source;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets through as much work at once as fits into memory, in the order in which it came: a large
 * piece is not overtaken for ever by small ones. What is larger than all the room goes alone.
 */
public final class MemoryGate {
  private static final int UNIT = 1 << 10;

  private final int units;
  private final Semaphore free;

  /**
   * A gate for work that takes so much memory together.
   *
   * @param bytes counted in KiB
   */
  public MemoryGate(long bytes) {
    this.units = Math.clamp(bytes / UNIT, 1, Integer.MAX_VALUE);
    this.free = new Semaphore(units, true);
  }

  /** Waits for room, and does the work. */
  public void pass(long bytes, Runnable work) {
    int wanted = unitsOf(bytes);
    free.acquireUninterruptibly(wanted);
    run(wanted, work);
  }

  /**
   * Waits for room for at most so long, and does the work.
   *
   * @return whether there was room
   */
  public boolean pass(long bytes, Duration patience, Runnable work) {
    int wanted = unitsOf(bytes);
    try {
      if (!free.tryAcquire(wanted, patience.toNanos(), TimeUnit.NANOSECONDS)) {
        return false;
      }
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
      return false;
    }
    run(wanted, work);
    return true;
  }

  private int unitsOf(long bytes) {
    return Math.clamp(bytes / UNIT, 1, units);
  }

  private void run(int wanted, Runnable work) {
    try {
      work.run();
    } finally {
      free.release(wanted);
    }
  }
}
