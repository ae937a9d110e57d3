package dev.escala.slo;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Completes expressions that are written in real time: {@code [5m]} and {@code offset 5m} become
 * windows of the time scale, {@code <5m>} the seconds of such a window, and {@code {L}} the labels
 * that name a system.
 */
record Expressions(Timescale timescale) {
  /** Of every series that is recorded; a system may have namesakes in other environments. */
  static final String SYSTEM = "system, env, tier, region";

  private static final Pattern DURATION = Pattern.compile("(\\[|<|offset )(\\d+[smhd])([]>]?)");

  String of(String expression) {
    Matcher matcher = DURATION.matcher(expression.replace("{L}", SYSTEM));
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

  private static String seconds(Duration window) {
    return window.toMillis() % 1000 == 0
        ? String.valueOf(window.toSeconds())
        : String.valueOf(window.toMillis() / 1e3);
  }
}
