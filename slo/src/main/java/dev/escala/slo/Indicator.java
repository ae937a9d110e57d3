package dev.escala.slo;

import java.util.List;

/** What is measured. */
public sealed interface Indicator {
  /**
   * Counted events: all of them, and either the bad or the good ones.
   *
   * @param counts what {@code counted} holds
   * @param counted selectors of counters whose increases add up
   * @param total selectors of counters whose increases add up
   */
  record Events(Counts counts, List<String> counted, List<String> total) implements Indicator {
    public Events {
      counted = List.copyOf(counted);
      total = List.copyOf(total);
    }
  }

  /** Which events have counters of their own. */
  enum Counts {
    BAD,
    GOOD
  }

  /**
   * Seconds, each good or bad.
   *
   * @param good a selector of a series that is 1 while it is good and 0 while it is not
   */
  record Time(String good) implements Indicator {}
}
