package dev.escala.slo;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Completes expressions that are written in real time: {@code [5m]} and {@code offset 5m} become
 * windows of the time scale, {@code <5m>} the seconds of such a window, and words in braces what
 * they stand for, such as {@code {L}} for the labels that name a system, or {@code {STEP}} for the
 * seconds between two evaluations.
 */
record Expressions(Timescale timescale) {
  /** Of every series that is recorded; a system may have namesakes in other environments. */
  static final String SYSTEM = "system, env, tier, region";

  private static final Map<String, String> WORDS =
      Map.of(
          "L", SYSTEM,
          "SLOW", Thresholds.SLOW,
          "TOO_SLOW", Thresholds.TOO_SLOW,
          "LATE", Thresholds.LATE,
          "CUT", Thresholds.CUT,
          "SERIES", String.valueOf(Thresholds.SERIES_OF_A_PROCESS));

  private static final Pattern WORD = Pattern.compile("\\{([A-Z_]+)}");
  private static final Pattern DURATION = Pattern.compile("(\\[|<|offset )(\\d+[smhd])([]>]?)");

  String of(String expression) {
    Matcher matcher = DURATION.matcher(words(expression));
    return matcher
        .replaceAll(
            found -> {
              Duration window = timescale.window(Timescale.duration(found.group(2)));
              return found.group(1).equals("<")
                  ? seconds(window)
                  : found.group(1) + Timescale.text(window) + found.group(3);
            })
        .strip();
  }

  /** A word that nobody knows stays, and is no PromQL. */
  private String words(String expression) {
    String step = seconds(timescale.scrape());
    return WORD.matcher(expression.replace("{STEP}", step))
        .replaceAll(found -> WORDS.getOrDefault(found.group(1), found.group()));
  }

  private static String seconds(Duration window) {
    return window.toMillis() % 1000 == 0
        ? String.valueOf(window.toSeconds())
        : String.valueOf(window.toMillis() / 1e3);
  }
}
