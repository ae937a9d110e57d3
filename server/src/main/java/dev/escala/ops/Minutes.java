package dev.escala.ops;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is counted in each of the last minutes, and forgotten behind them. Not safe for threads.
 *
 * @param <T> what is counted in a minute
 */
final class Minutes<T> {
  private static final int SECONDS = 60;

  private final Supplier<T> nothing;
  private final long[] minutes;
  private final List<@Nullable T> counts = new ArrayList<>();

  /** So many of them, each of which begins with nothing. */
  Minutes(int kept, Supplier<T> nothing) {
    this.nothing = nothing;
    this.minutes = new long[kept];
    for (int i = 0; i < kept; i++) {
      counts.add(null);
    }
  }

  /** What is counted in the minute of that time. */
  T at(Instant time) {
    long minute = Math.floorDiv(time.getEpochSecond(), SECONDS);
    int slot = Math.floorMod(minute, minutes.length);
    T known = counts.get(slot);
    if (known != null && minutes[slot] == minute) {
      return known;
    }
    T begun = nothing.get();
    minutes[slot] = minute;
    counts.set(slot, begun);
    return begun;
  }

  /** The minutes up to that of the time, the oldest first; nothing where nothing was counted. */
  List<T> upTo(Instant time) {
    long last = Math.floorDiv(time.getEpochSecond(), SECONDS);
    List<T> all = new ArrayList<>();
    for (long minute = last - minutes.length + 1; minute <= last; minute++) {
      int slot = Math.floorMod(minute, minutes.length);
      T known = counts.get(slot);
      all.add(known != null && minutes[slot] == minute ? known : nothing.get());
    }
    return all;
  }
}
