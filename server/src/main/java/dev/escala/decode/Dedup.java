package dev.escala.decode;

import dev.escala.config.Section;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What becomes of a message whose key a row has.
 *
 * @param window how long a key is remembered, with {@link Mode#WINDOW}
 * @param deletedField of messages that say whether they delete, if any do
 */
public record Dedup(Mode mode, Duration window, Optional<String> deletedField) {
  private static final Set<String> DELETING = Set.of("true", "d", "delete");

  /** As long as a queue keeps a message at most. */
  private static final Duration USUAL_WINDOW = Duration.ofDays(14);

  private static final Duration SHORTEST_WINDOW = Duration.ofHours(1);

  /** As the configuration says it. */
  public enum Mode {
    /** The first message of a key is its row for good. */
    KEY,
    /** The same of a key at an event time, which a repeated message has to carry. */
    KEY_TIME,
    /** Keys are remembered for a while, apart from the rows. */
    WINDOW,
    /** A message with a later event time takes the place of the row, or takes it away. */
    LATEST
  }

  static Dedup read(
      Section section, List<String> keys, Optional<String> time, Optional<String> deleted) {
    Mode mode = section.choice("dedup", Mode.KEY);
    if (mode == Mode.LATEST && keys.isEmpty()) {
      section.reject("dedup", "latest needs a key, since each message has an id of its own");
    }
    if (mode == Mode.KEY_TIME && time.isEmpty()) {
      section.reject("dedup", "key-time needs time, a field that a repeated message has again");
    }
    if (mode != Mode.LATEST && deleted.isPresent()) {
      section.reject("deleted", "needs dedup: latest, without which a row stays as it is");
    }
    return new Dedup(mode, window(section, mode), deleted);
  }

  private static Duration window(Section section, Mode mode) {
    Duration window = section.duration("window", USUAL_WINDOW);
    if (mode != Mode.WINDOW && !window.equals(USUAL_WINDOW)) {
      section.reject("window", "needs dedup: window");
    } else if (window.compareTo(SHORTEST_WINDOW) < 0) {
      section.reject("window", "must be at least 1h");
    }
    return window;
  }

  /** Whether rows change: a later version takes the place of a row. */
  public boolean versions() {
    return mode == Mode.LATEST;
  }

  /** Whether a table has at most one row of each key. */
  public boolean isByKey() {
    return mode == Mode.KEY || mode == Mode.LATEST;
  }

  boolean isDeletedField(String field) {
    return deletedField.isPresent() && deletedField.get().equals(field);
  }

  /** True, or what tools that capture changes write in its place. */
  static boolean deletes(JsonValue value) {
    return switch (value.form()) {
      case TRUE -> true;
      case STRING -> DELETING.contains(value.text());
      default -> false;
    };
  }
}
