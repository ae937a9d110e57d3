package dev.escala.serve.relation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code Prefer} asks for; of several values of one kind the first counts.
 *
 * @param handling {@code strict}, {@code lenient} or null if not given
 * @param unknown preferences that a read does not know
 */
record Preferences(Count count, @Nullable String handling, List<String> unknown) {

  /** How all rows that satisfy the conditions are counted. */
  enum Count {
    NONE,
    EXACT,
    PLANNED,
    ESTIMATED
  }

  static Preferences parse(List<String> headers) {
    Count count = Count.NONE;
    String handling = null;
    List<String> unknown = new ArrayList<>();
    for (String header : headers) {
      for (String part : header.split(",", -1)) {
        String preference = part.strip();
        switch (preference) {
          case "count=exact" -> count = count == Count.NONE ? Count.EXACT : count;
          case "count=planned" -> count = count == Count.NONE ? Count.PLANNED : count;
          case "count=estimated" -> count = count == Count.NONE ? Count.ESTIMATED : count;
          case "handling=strict", "handling=lenient" ->
              handling = handling == null ? preference.substring(9) : handling;
          case "", "return=representation", "return=minimal", "return=headers-only" -> {
            // the first is no preference, the others belong to writing
          }
          default -> unknown.add(preference);
        }
      }
    }
    return new Preferences(count, handling, List.copyOf(unknown));
  }

  boolean isStrict() {
    return "strict".equals(handling);
  }

  /** The value of {@code Preference-Applied}. */
  Optional<String> applied() {
    List<String> applied = new ArrayList<>();
    if (count != Count.NONE) {
      applied.add("count=" + count.name().toLowerCase(Locale.ROOT));
    }
    if (handling != null) {
      applied.add("handling=" + handling);
    }
    return applied.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", applied));
  }
}
