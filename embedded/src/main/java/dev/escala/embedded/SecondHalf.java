package dev.escala.embedded;

/**
 * The rate of the second half of what is stored. The first one is slow on a cold JVM, which
 * compiles the code while it works; a server that runs has that behind it.
 */
final class SecondHalf {
  private final long half;
  private long atHalf = -1;
  private long last = -1;
  private long atHalfNanos;
  private double rate;

  /** Of so many rows. */
  SecondHalf(long total) {
    this.half = total / 2;
  }

  /** So many are stored at this time. */
  void at(long stored, long nowNanos) {
    if (stored <= last) {
      return; // the rate is up to the last row, however long somebody looks on
    }
    last = stored;
    if (atHalf < 0 && stored >= half) {
      atHalf = stored;
      atHalfNanos = nowNanos;
    } else if (atHalf >= 0) {
      rate = (stored - atHalf) * 1e9 / Math.max(1, nowNanos - atHalfNanos);
    }
  }

  /** Rows a second; 0 where all came at once, so that there is nothing to measure. */
  double rate() {
    return rate;
  }
}
