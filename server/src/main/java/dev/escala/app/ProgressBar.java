package dev.escala.app;

import java.io.PrintStream;
import java.util.Locale;

/**
 * One line that grows while work is done; on something else than a terminal only its last state is
 * printed.
 */
public final class ProgressBar {
  private static final int WIDTH = 24;
  private static final long REDRAW_NANOS = 100_000_000;

  private final PrintStream output;
  private final boolean terminal;
  private final String label;
  private final long total;
  private final long startNanos = System.nanoTime();
  private long drawnNanos;

  /** For so many items; an unknown total is 0. */
  public ProgressBar(PrintStream output, boolean terminal, String label, long total) {
    this.output = output;
    this.terminal = terminal;
    this.label = label;
    this.total = total;
  }

  /** Draws, at most ten times a second. */
  public void at(long done) {
    long now = System.nanoTime();
    if (terminal && now - drawnNanos >= REDRAW_NANOS) {
      drawnNanos = now;
      output.print("\r" + line(done));
      output.flush();
    }
  }

  /**
   * The same where the total is not known.
   *
   * @param share of the work that is done, from 0 to 1
   */
  public void at(long done, double share) {
    long now = System.nanoTime();
    if (terminal && now - drawnNanos >= REDRAW_NANOS) {
      drawnNanos = now;
      output.print("\r" + line(done) + estimate(share, now - startNanos));
      output.flush();
    }
  }

  /** Once it can be told. */
  private static String estimate(double share, long nanos) {
    if (share <= 0 || nanos < 1_000_000_000L) {
      return "";
    }
    long left = Math.round(nanos / 1e9 * (1 - share) / share);
    return String.format(
        Locale.ROOT, "%.0f %%, about %d:%02d min left   ", 100 * share, left / 60, left % 60);
  }

  /** Draws the last state and ends the line. */
  public void done(long done) {
    output.println((terminal ? "\r\033[K" : "") + line(done));
  }

  private String line(long done) {
    double seconds = Math.max(1e-3, (System.nanoTime() - startNanos) / 1e9);
    String rate = String.format(Locale.ROOT, "%,d/s", Math.round(done / seconds));
    if (total == 0) {
      return String.format(Locale.ROOT, "  %-10s %,d  %s   ", label, done, rate);
    }
    int filled = (int) Math.min(WIDTH, done * WIDTH / total);
    return String.format(
        Locale.ROOT,
        "  %-10s %s%s %,d of %,d  %s   ",
        label,
        "█".repeat(filled),
        "░".repeat(WIDTH - filled),
        done,
        total,
        rate);
  }
}
