package dev.escala.store.postgres;

import dev.escala.decode.TopicSettings;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * For which topic a table was made: a comment on its column {@code _id}, which goes with the table
 * through renames, dumps and restores.
 *
 * @param made whether the table is as Escala makes one; one that it only completed has a key that
 *     is no primary key, and system columns that may be null
 * @param owned whether the login may change it
 * @param comment that the column has
 */
record TableMark(boolean made, boolean owned, @Nullable String comment) {
  private static final String BEFORE = "Key of the topic ";
  private static final String AFTER = ", whose table this is";

  /** The comment for a topic, whose name has no quotes. */
  static String of(String topic) {
    return BEFORE + topic + AFTER;
  }

  /**
   * Returns where the topic may have this table.
   *
   * @throws dev.escala.store.StoreException where it was not made by Escala, or for another topic
   */
  void require(TopicSettings settings) {
    if (!settings.ownTable()) {
      return;
    }
    Optional<String> topic = topic();
    boolean fits = topic.map(settings.topic()::equals).orElse(made);
    if (!fits) {
      throw TableCatalog.misconfigured(
          topic
              .map(other -> "%s is the table of the topic %s".formatted(settings.table(), other))
              .orElse(settings.table() + " is there, and was not made by Escala"));
    }
  }

  /** Whether the table was made before tables were marked. */
  boolean isDue(TopicSettings settings) {
    return settings.ownTable() && made && owned && comment == null;
  }

  private Optional<String> topic() {
    return topic(comment);
  }

  /** The topic that such a comment names, if it is one. */
  static Optional<String> topic(@Nullable String comment) {
    String text = comment == null ? "" : comment;
    return text.startsWith(BEFORE) && text.endsWith(AFTER)
        ? Optional.of(text.substring(BEFORE.length(), text.length() - AFTER.length()))
        : Optional.empty();
  }
}
