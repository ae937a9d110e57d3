package dev.escala.access;

import java.util.function.LongSupplier;

/** So many requests a second, and as many at once after a pause. */
final class Pace {
  private static final double NANOS = 1e9;

  private final int perSecond;
  private final LongSupplier nanoTime;
  private double left;
  private long lookedNanos;

  Pace(int perSecond, LongSupplier nanoTime) {
    this.perSecond = perSecond;
    this.nanoTime = nanoTime;
    left = perSecond;
    lookedNanos = nanoTime.getAsLong();
  }

  synchronized boolean take() {
    long now = nanoTime.getAsLong();
    left = Math.min(perSecond, left + (now - lookedNanos) / NANOS * perSecond);
    lookedNanos = now;
    if (left < 1) {
      return false;
    }
    left--;
    return true;
  }
}
