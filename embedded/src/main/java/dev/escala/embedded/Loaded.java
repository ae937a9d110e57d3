package dev.escala.embedded;

import java.util.List;
import java.util.Locale;

/**
 * What was published of one topic, and how fast it became rows.
 *
 * @param seconds from the first message to the last row; 0: was there already
 * @param secondHalf rows a second of the second half, when the code is compiled; 0: not measured
 * @param way such as {@code over HTTP}
 */
record Loaded(String topic, List<String> records, double seconds, double secondHalf, String way) {

  /** The rate of the whole, beside it that of the second half. */
  String rate() {
    if (seconds == 0) {
      return "found here";
    }
    String whole = rate(records.size() / seconds) + " " + way;
    return secondHalf == 0 ? whole : whole + ", " + rate(secondHalf) + " in the second half";
  }

  private static String rate(double perSecond) {
    return String.format(Locale.ROOT, "%,d/s", Math.round(perSecond));
  }
}
