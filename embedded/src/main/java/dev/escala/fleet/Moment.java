package dev.escala.fleet;

import dev.escala.fleet.Incident.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * A tenth of a second in the life of a system.
 *
 * @param tick its number, from the start
 * @param at when it ends
 * @param random the same for the same tick of the same system
 * @param troubles what is wrong
 */
record Moment(long tick, Instant at, RandomGenerator random, Set<Kind> troubles) {
  static final Duration LENGTH = Duration.ofMillis(100);
  private static final double LENGTHS_A_SECOND = 10;

  boolean has(Kind trouble) {
    return troubles.contains(trouble);
  }

  /** Whether something that is done again and again is due. */
  boolean isEvery(Duration time) {
    return tick % Math.max(1, time.dividedBy(LENGTH)) == 0;
  }

  /** How many of events that come at this rate fall into this moment. */
  int events(int aSecond) {
    double limit = Math.exp(-aSecond / LENGTHS_A_SECOND);
    int events = -1;
    for (double product = 1; product > limit; product *= random.nextDouble()) {
      events++;
    }
    return events;
  }

  /** Durations around this median with a tail, never more than twelve times of it. */
  Duration around(Duration median) {
    double factor = Math.min(12, Math.exp(0.6 * random.nextGaussian()));
    return Duration.ofNanos((long) (median.toNanos() * factor));
  }
}
