package dev.escala.store;

import dev.escala.model.Message;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A rejected message as it is kept, without its body.
 *
 * @param id in its database; later letters have greater ones
 * @param messageId what it is known by at its source
 * @param bytes how long the body is
 * @param resolvedAt since when it is resolved or discarded
 */
public record DeadLetter(
    long id,
    String topic,
    String source,
    String messageId,
    Why why,
    Status status,
    int attempts,
    long bytes,
    Instant publishedAt,
    Instant firstSeen,
    Instant lastSeen,
    @Nullable Instant resolvedAt) {

  /** Why it was rejected last: the code of the reason, and what is known of it. */
  public record Why(
      String reason, @Nullable String column, String detail, @Nullable String sqlState) {}

  /** How it stands. */
  public enum Status {
    /** Nobody did anything about it. */
    NEW,
    /** The message is stored by now, or a row with its key is. */
    RESOLVED,
    /** A person does not want it any more. */
    DISCARDED;

    private final String label = name().toLowerCase(Locale.ROOT);

    public String label() {
      return label;
    }
  }

  /** With the message, whole, as its source gave it. */
  public record Whole(DeadLetter letter, Message message) {}
}
