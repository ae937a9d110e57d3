package dev.escala.model;

import java.time.Duration;

/**
 * A moment of this process: what was long ago stays so when somebody sets the clock. Only moments
 * of one process can be compared; times that others see are {@link java.time.Instant}s.
 *
 * @param nanos as {@link System#nanoTime()} counts
 */
public record Moment(long nanos) implements Comparable<Moment> {
  public static Moment now() {
    return new Moment(System.nanoTime());
  }

  /** How long it is ago. */
  public Duration age() {
    return until(now());
  }

  /** Negative where the other one is earlier. */
  public Duration until(Moment later) {
    return Duration.ofNanos(later.nanos - nanos);
  }

  public Moment minus(Duration duration) {
    return new Moment(nanos - duration.toNanos());
  }

  public boolean isAfter(Moment other) {
    return compareTo(other) > 0;
  }

  /** By their difference: the count may overflow. */
  @Override
  public int compareTo(Moment other) {
    return Long.signum(nanos - other.nanos);
  }
}
