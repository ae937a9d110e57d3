package dev.escala.serve.relation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What {@code Prefer} asks for; of several values of one kind the first counts.
 *
 * @param handling {@code strict}, {@code lenient} or null if not given
 * @param timezone in which points in time are shown, as the client wrote it; null for UTC
 * @param unknown preferences that PostgREST does not know either
 */
record Preferences(
    Count count, @Nullable String handling, @Nullable String timezone, List<String> unknown) {
  private static final String HANDLING = "handling=";
  private static final String TIMEZONE = "timezone=";
  private static final String MAX_AFFECTED = "max-affected=";

  /** Those with fixed values. What belongs to writing, or ends a transaction, changes no read. */
  private static final Set<String> KNOWN =
      Set.of(
          "",
          "handling=strict",
          "handling=lenient",
          "return=representation",
          "return=minimal",
          "return=headers-only",
          "resolution=merge-duplicates",
          "resolution=ignore-duplicates",
          "missing=default",
          "missing=null",
          "tx=commit",
          "tx=rollback");

  private static final Preferences NO = new Preferences(Count.NONE, null, null, List.of());

  /** How all rows that satisfy the conditions are counted. */
  enum Count {
    NONE,
    EXACT,
    PLANNED,
    ESTIMATED;

    /** Whether the rows alone say it, and no statistics. */
    boolean isOfRows() {
      return this == NONE || this == EXACT;
    }

    private String preference() {
      return "count=" + name().toLowerCase(Locale.ROOT);
    }

    private static Optional<Count> of(String preference) {
      return Arrays.stream(values())
          .filter(count -> count != NONE && count.preference().equals(preference))
          .findFirst();
    }
  }

  static Preferences parse(List<String> headers) {
    if (headers.isEmpty()) {
      return NO;
    }
    List<String> given =
        headers.stream()
            .flatMap(header -> Arrays.stream(header.split(",", -1)))
            .map(String::strip)
            .toList();
    Count count =
        given.stream().map(Count::of).flatMap(Optional::stream).findFirst().orElse(Count.NONE);
    return new Preferences(
        count,
        first(given.stream().filter(KNOWN::contains), HANDLING),
        first(given.stream(), TIMEZONE),
        given.stream().filter(Preferences::isUnknown).toList());
  }

  private static @Nullable String first(Stream<String> given, String kind) {
    return given
        .filter(preference -> preference.startsWith(kind))
        .map(preference -> preference.substring(kind.length()))
        .findFirst()
        .orElse(null);
  }

  private static boolean isUnknown(String preference) {
    return !KNOWN.contains(preference)
        && Count.of(preference).isEmpty()
        && !preference.startsWith(TIMEZONE)
        && !preference.startsWith(MAX_AFFECTED);
  }

  boolean isStrict() {
    return "strict".equals(handling);
  }

  /** The value of {@code Preference-Applied}, in the order of PostgREST. */
  Optional<String> applied() {
    List<String> applied = new ArrayList<>();
    if (count != Count.NONE) {
      applied.add(count.preference());
    }
    if (handling != null) {
      applied.add(HANDLING + handling);
    }
    if (timezone != null) {
      applied.add(TIMEZONE + timezone);
    }
    return applied.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", applied));
  }
}
