package dev.escala.slo;

import java.time.Duration;

/**
 * How much faster than real time the rules run. A drill with factor 60 sees in a minute what takes
 * an hour: every window and waiting time is divided, thresholds of latency are not.
 */
public record Timescale(int factor) {
  public static final Timescale REAL = new Timescale(1);

  private static final Duration SCRAPE = Duration.ofSeconds(15);
  private static final Duration SCRAPE_IN_DRILLS = Duration.ofSeconds(1);

  /** A window of n intervals holds n samples, or n - 1 where its left edge is open. */
  private static final int INTERVALS_IN_A_WINDOW = 5;

  public Timescale {
    if (factor < 1) {
      throw new IllegalArgumentException("a time scale is 1 or more, not " + factor);
    }
  }

  /** How often Prometheus asks, and evaluates what pages. */
  public Duration scrape() {
    return factor == 1 ? SCRAPE : SCRAPE_IN_DRILLS;
  }

  /** How often to evaluate, or how long to wait: in drills never shorter than a scrape. */
  public Duration wait(Duration real) {
    return scaled(real, scrape());
  }

  /** A range, or an age that is too old: in drills it holds at least four samples. */
  public Duration window(Duration real) {
    return scaled(real, scrape().multipliedBy(INTERVALS_IN_A_WINDOW));
  }

  private Duration scaled(Duration real, Duration least) {
    if (factor == 1 || real.isZero()) {
      return real;
    }
    Duration shorter = real.dividedBy(factor);
    return shorter.compareTo(least) < 0 ? least : shorter;
  }

  /** Reads {@code 30s}, {@code 5m}, {@code 6h}, {@code 30d}. */
  static Duration duration(String text) {
    return Duration.parse((text.endsWith("d") ? "P" : "PT") + text);
  }

  /** As Prometheus writes a duration: {@code 30d}, {@code 5m}, {@code 1500ms}. */
  static String text(Duration duration) {
    long millis = duration.toMillis();
    long[] units = {86_400_000, 3_600_000, 60_000, 1000, 1};
    String[] names = {"d", "h", "m", "s", "ms"};
    for (int i = 0; i < units.length; i++) {
      if (millis > 0 && millis % units[i] == 0) {
        return millis / units[i] + names[i];
      }
    }
    return "0s";
  }
}
