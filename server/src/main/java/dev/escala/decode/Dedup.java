package dev.escala.decode;

import dev.escala.config.Section;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What becomes of a message whose key a row has.
 *
 * @param versions whether a message with a later event time takes the place of the row, and one
 *     that deletes takes it away; else the first message of a key is its row for good
 * @param deletedField of messages that say whether they delete, if any do
 */
public record Dedup(boolean versions, Optional<String> deletedField) {
  private static final Set<String> DELETING = Set.of("true", "d", "delete");

  /** As the configuration says it. */
  private enum Mode {
    KEY,
    LATEST
  }

  static Dedup read(Section section, List<String> keys, Optional<String> deleted) {
    boolean versions = section.choice("dedup", Mode.KEY) == Mode.LATEST;
    if (versions && keys.isEmpty()) {
      section.reject("dedup", "latest needs a key, since each message has an id of its own");
    }
    if (!versions && deleted.isPresent()) {
      section.reject("deleted", "needs dedup: latest, without which a row stays as it is");
    }
    return new Dedup(versions, deleted);
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
