package dev.escala.ops;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.event.KeyValuePair;

/**
 * Lets only so many lines of a kind pass: clients may cause as many as they like, and metrics count
 * all. The line after those that were left out says how many they were. DEBUG is what somebody
 * asked for, and passes.
 */
final class FloodFilter extends Filter<ILoggingEvent> {
  /** The field that says how many lines of the kind were left out before this one. */
  static final String LEFT_OUT = "left_out";

  private static final double BURST = 20;
  private static final double A_SECOND = 1;
  private static final int MOST_KINDS = 200;
  private static final String OTHERS = "";

  private final Map<String, Kind> kinds = new HashMap<>();

  /** Lines with one text, but for what is filled in. */
  private static final class Kind {
    private double allowed = BURST;
    private Instant last;
    private long leftOut;

    Kind(Instant first) {
      last = first;
    }

    /** Counts a line, and says whether it passes. */
    boolean passes(Instant now) {
      // A clock that was set back has told of nothing.
      double seconds = Math.max(0, Duration.between(last, now).toMillis()) / 1000.0;
      allowed = Math.min(BURST, allowed + seconds * A_SECOND);
      last = now;
      boolean passes = allowed >= 1;
      allowed -= passes ? 1 : 0;
      leftOut += passes ? 0 : 1;
      return passes;
    }
  }

  @Override
  public FilterReply decide(ILoggingEvent event) {
    return event.getLevel().isGreaterOrEqual(Level.INFO) && !passes(event)
        ? FilterReply.DENY
        : FilterReply.NEUTRAL;
  }

  private synchronized boolean passes(ILoggingEvent event) {
    Kind kind = kind(event.getLoggerName() + ' ' + event.getMessage(), event.getInstant());
    boolean passes = kind.passes(event.getInstant());
    if (passes && kind.leftOut > 0) {
      ((LoggingEvent) event).addKeyValuePair(new KeyValuePair(LEFT_OUT, kind.leftOut));
      kind.leftOut = 0;
    }
    return passes;
  }

  private Kind kind(String text, Instant now) {
    boolean isKnown = kinds.containsKey(text) || kinds.size() < MOST_KINDS;
    return kinds.computeIfAbsent(isKnown ? text : OTHERS, ignored -> new Kind(now));
  }
}
