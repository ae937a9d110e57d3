package dev.escala.fleet;

import java.time.Duration;

/**
 * How often a system looks at itself: as the product does, or more often where the rules run faster
 * than real time.
 *
 * @param look at its vital signs
 * @param canary between two markers
 */
record Pace(Duration look, Duration canary) {
  private static final Pace REAL = new Pace(Duration.ofSeconds(5), Duration.ofSeconds(10));
  private static final Pace DRILL = new Pace(Duration.ofMillis(500), Duration.ofSeconds(1));

  static Pace of(int timescale) {
    return timescale == 1 ? REAL : DRILL;
  }
}
