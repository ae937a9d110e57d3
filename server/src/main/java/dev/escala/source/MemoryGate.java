package dev.escala.source;

import java.util.concurrent.Semaphore;

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
    int wanted = Math.clamp(bytes / UNIT, 1, units);
    free.acquireUninterruptibly(wanted);
    try {
      work.run();
    } finally {
      free.release(wanted);
    }
  }
}
