package dev.escala.model;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to pause between tries: exponential, with jitter, so that many that failed together do
 * not come back together.
 *
 * @param first the longest pause after the first failure
 * @param longest however often it failed
 */
public record Backoff(Duration first, Duration longest) {
  private static final int MOST_DOUBLINGS = 30;

  public Backoff {
    if (first.isNegative() || first.isZero() || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException("a pause of " + first + " to " + longest);
    }
  }

  /** A pause after so many failures in a row, from 1: at least half of the bound at that time. */
  public Duration after(int failures) {
    long doubled = first.toMillis() << Math.clamp(failures - 1L, 0, MOST_DOUBLINGS);
    long bound = Math.max(1, Math.min(doubled, longest.toMillis()));
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(bound / 2, bound + 1));
  }
}
