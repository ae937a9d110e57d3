package dev.escala.bench;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** What became of the requests of one turn. Latencies count from when a request was due. */
final class Tally {
  private static final int OK = 200;
  private static final int MULTIPLE_CHOICES = 300;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVICE_UNAVAILABLE = 503;

  private final long patienceNanos;
  private final Latencies good = new Latencies();
  private final Latencies refused = new Latencies();
  private final Map<String, Integer> goodByKind = new TreeMap<>();
  private final Map<String, Integer> others = new TreeMap<>();
  private int refusedWithoutTime;
  private double seconds;

  /** Counts answers that come later than this as late, for their clients have left. */
  Tally(long patienceNanos) {
    this.patienceNanos = patienceNanos;
  }

  /** An answer came. */
  void answered(String kind, int status, boolean hasRetryAfter, long tookNanos) {
    if (status == TOO_MANY_REQUESTS || status == SERVICE_UNAVAILABLE) {
      refused.add(tookNanos);
      refusedWithoutTime += hasRetryAfter ? 0 : 1;
    } else if (status < OK || status >= MULTIPLE_CHOICES) {
      other("status " + status);
    } else if (tookNanos > patienceNanos) {
      other("late");
    } else {
      good.add(tookNanos);
      goodByKind.merge(kind, 1, Integer::sum);
    }
  }

  /** Something else became of a request. */
  void other(String what) {
    others.merge(what, 1, Integer::sum);
  }

  void lasted(long nanos) {
    seconds = nanos / 1e9;
  }

  /** Good answers a second. */
  double goodput() {
    return good.count() / seconds;
  }

  Latencies good() {
    return good;
  }

  /** Whether nothing was refused, late, or never sent or answered. */
  boolean isAllGood() {
    return refused.count() == 0 && others.isEmpty();
  }

  Latencies refused() {
    return refused;
  }

  int refusedWithoutTime() {
    return refusedWithoutTime;
  }

  Map<String, Integer> goodByKind() {
    return goodByKind;
  }

  /** How many were neither answered well nor refused, by what became of them. */
  Map<String, Integer> others() {
    return others;
  }

  /** The share of all requests that was refused, from 0 to 1. */
  double shareRefused() {
    int rest = others.values().stream().mapToInt(Integer::intValue).sum();
    int all = good.count() + refused.count() + rest;
    return all == 0 ? 0 : (double) refused.count() / all;
  }

  /** Times of one kind. */
  static final class Latencies {
    private long[] nanos = new long[1024];
    private int count;

    void add(long took) {
      if (count == nanos.length) {
        nanos = Arrays.copyOf(nanos, 2 * count);
      }
      nanos[count++] = took;
    }

    int count() {
      return count;
    }

    /** In milliseconds: what so many of a hundred did not exceed; NaN where there is none. */
    double percentile(double hundredths) {
      if (count == 0) {
        return Double.NaN;
      }
      long[] sorted = Arrays.copyOf(nanos, count);
      Arrays.sort(sorted);
      return sorted[(int) Math.min(count - 1, count * hundredths / 100)] / 1e6;
    }
  }
}
