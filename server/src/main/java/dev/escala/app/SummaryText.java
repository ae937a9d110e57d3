package dev.escala.app;

import dev.escala.publish.Summary;
import java.io.PrintWriter;

/** What became of the messages of a file, in words. */
final class SummaryText {
  private SummaryText() {}

  /**
   * Prints it.
   *
   * @param done what was done with them, such as {@code published}
   */
  static void print(PrintWriter out, String done, Summary summary) {
    if (summary.accepted() > 0) {
      out.println("%,d %s".formatted(summary.accepted(), done));
    } else {
      out.println(
          "%,d %s: %,d stored, %,d duplicates, %,d rejected"
              .formatted(
                  summary.messages(),
                  done,
                  summary.stored(),
                  summary.duplicates(),
                  summary.rejected()));
    }
    summary.rejections().forEach(rejection -> out.println("  " + rejection));
    if (summary.rejected() > summary.rejections().size()) {
      out.println("  and %,d more".formatted(summary.rejected() - summary.rejections().size()));
    }
  }
}
