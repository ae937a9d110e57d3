package dev.escala.source.sns;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How many certificates are fetched: some at once, then one a second, and of what one client asks
 * for far fewer, so that who forges addresses does not use up the fetches of who does not.
 */
final class FetchBudget {
  static final int AT_ONCE = 20;
  static final int AT_ONCE_FOR_CLIENT = 3;

  private static final double A_SECOND = 1;
  private static final double A_SECOND_FOR_CLIENT = 0.1;
  private static final int MOST_CLIENTS = 1_000;
  private static final double NANOS = 1e9;

  private final LongSupplier nanoTime;
  private final Left all;

  // Guarded by this, for a few instructions.
  private final Map<String, Left> each =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Left> eldest) {
          return size() > MOST_CLIENTS;
        }
      };

  FetchBudget(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.all = new Left(AT_ONCE, A_SECOND, nanoTime.getAsLong());
  }

  /** Takes one fetch, unless the client, or all together, have had enough. */
  synchronized boolean take(String client) {
    long now = nanoTime.getAsLong();
    Left ofClient =
        each.computeIfAbsent(
            client, ignored -> new Left(AT_ONCE_FOR_CLIENT, A_SECOND_FOR_CLIENT, now));
    if (!ofClient.isSome(now) || !all.isSome(now)) {
      return false;
    }
    ofClient.left--;
    all.left--;
    return true;
  }

  private static final class Left {
    private final int most;
    private final double perSecond;
    private double left;
    private long lookedNanos;

    Left(int most, double perSecond, long now) {
      this.most = most;
      this.perSecond = perSecond;
      this.left = most;
      this.lookedNanos = now;
    }

    boolean isSome(long now) {
      left = Math.min(most, left + (now - lookedNanos) / NANOS * perSecond);
      lookedNanos = now;
      return left >= 1;
    }
  }
}
