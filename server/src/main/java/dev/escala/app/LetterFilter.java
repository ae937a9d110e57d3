package dev.escala.app;

import dev.escala.model.ReasonCode;
import dev.escala.model.Suggestion;
import dev.escala.store.DeadLetter.Status;
import dev.escala.store.DeadLetters.Filter;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a filter of dead letters as people write it; what it cannot read it says in a sentence. */
final class LetterFilter {
  /** What a filter is made of. */
  static final List<String> NAMES = List.of("id", "topic", "reason", "status", "since", "until");

  private static final Pattern AGO = Pattern.compile("(\\d{1,6})([smhd])");
  private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  /** A word cannot be read. */
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreadable(String message) {
      super(message);
    }
  }

  private LetterFilter() {}

  /**
   * Reads the words by their names.
   *
   * @param status of letters where none is named; null for any
   */
  static Filter of(Function<String, @Nullable String> word, @Nullable Status status)
      throws Unreadable {
    return new Filter(
        number("id", word.apply("id")),
        word.apply("topic"),
        reason(word.apply("reason")),
        status(word.apply("status"), status),
        time("since", word.apply("since")),
        time("until", word.apply("until")),
        null);
  }

  /** A number from 0. */
  static @Nullable Long number(String name, @Nullable String text) throws Unreadable {
    if (text == null) {
      return null;
    }
    if (!text.matches("\\d{1,18}")) {
      throw new Unreadable("%s is a number, not %s".formatted(name, shown(text)));
    }
    return Long.valueOf(text);
  }

  private static @Nullable String reason(@Nullable String text) throws Unreadable {
    List<String> codes = Arrays.stream(ReasonCode.values()).map(ReasonCode::code).toList();
    if (text == null || codes.contains(text)) {
      return text;
    }
    throw new Unreadable(
        "There is no reason %s%s"
            .formatted(
                shown(text),
                Suggestion.nearest(text, codes)
                    .map(near -> "; did you mean " + near + "?")
                    .orElse("; there are " + String.join(", ", codes))));
  }

  private static @Nullable Status status(@Nullable String text, @Nullable Status otherwise)
      throws Unreadable {
    if (text == null) {
      return otherwise;
    }
    if (text.equals("any")) {
      return null;
    }
    for (Status status : Status.values()) {
      if (status.label().equals(text)) {
        return status;
      }
    }
    throw new Unreadable("status is new, resolved, discarded or any, not " + shown(text));
  }

  private static @Nullable Instant time(String name, @Nullable String text) throws Unreadable {
    if (text == null) {
      return null;
    }
    Matcher ago = AGO.matcher(text.toLowerCase(Locale.ROOT));
    if (ago.matches()) {
      return Instant.now().minus(duration(Long.parseLong(ago.group(1)), ago.group(2)));
    }
    try {
      Instant time = OffsetDateTime.parse(text).toInstant();
      if (!time.isBefore(EARLIEST) && !time.isAfter(LATEST)) {
        return time;
      }
    } catch (DateTimeException malformed) {
      // said below
    }
    throw new Unreadable(
        "%s is a time such as 2026-01-31T12:00:00Z, or so long ago as 90m, 24h or 7d, not %s"
            .formatted(name, shown(text)));
  }

  private static Duration duration(long amount, String unit) {
    return switch (unit) {
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  /** No longer than a line, and without what a terminal would obey. */
  static String shown(String text) {
    String line = text.replaceAll("\\p{Cntrl}", "?");
    return line.length() > 60 ? line.substring(0, 60) + "…" : line;
  }
}
