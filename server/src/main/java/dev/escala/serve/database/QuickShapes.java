package dev.escala.serve.database;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Which statements end soon, learnt by their text, in which no value of a client stands. One that
 * nobody knows yet is read apart, or tried among the quick ones where no other is being tried; what
 * was stopped there is read apart for a while. Of one event loop.
 */
public final class QuickShapes {
  private static final int MOST_SHAPES = 2_000;
  private static final long ALWAYS_QUICK = Long.MIN_VALUE;
  private static final long APART_NANOS = Duration.ofMinutes(1).toNanos();

  private final LongSupplier nanoTime;
  private boolean trying;

  /** Texts with the time until which they are read apart; least recently used first. */
  private final Map<String, Long> shapes =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MOST_SHAPES;
        }
      };

  QuickShapes(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Where a statement is read. */
  public enum Lane {
    /** Over shared connections, since it was quick before. */
    QUICK,
    /** There as well, for the first time; no other is tried meanwhile. */
    TRIED,
    /** Over a connection of its own. */
    APART
  }

  /** Chooses; how it ended among the quick ones has to be told. */
  public Lane lane(String statement) {
    Long apartUntil = shapes.get(statement);
    if (apartUntil != null && apartUntil == ALWAYS_QUICK) {
      return Lane.QUICK;
    }
    boolean isSlow = apartUntil != null && apartUntil - nanoTime.getAsLong() > 0;
    if (isSlow || trying) {
      return Lane.APART;
    }
    trying = true;
    return Lane.TRIED;
  }

  /** A statement among the quick ones came to its end, or was stopped since it took too long. */
  public void ended(String statement, Lane lane, boolean stopped) {
    if (lane == Lane.TRIED) {
      trying = false;
    }
    if (stopped) {
      shapes.put(statement, nanoTime.getAsLong() + APART_NANOS);
    } else if (lane == Lane.TRIED) {
      shapes.put(statement, ALWAYS_QUICK);
    }
  }
}
