package dev.escala.slo;

import java.util.List;

/**
 * Counted events: all of them, and either the bad or the good ones.
 *
 * @param counts what {@code counted} holds
 * @param counted selectors of counters whose increases add up
 * @param total selectors of counters whose increases add up
 */
public record Indicator(Counts counts, List<String> counted, List<String> total) {
  /** Which events have counters of their own. */
  public enum Counts {
    BAD,
    GOOD
  }

  public Indicator {
    counted = List.copyOf(counted);
    total = List.copyOf(total);
  }
}
