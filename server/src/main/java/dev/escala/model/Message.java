package dev.escala.model;

import org.jspecify.annotations.Nullable;

/**
 * A message as it was published: the topic, the bytes of its body, and where it came from.
 *
 * @param unreadable why the source could not open what it received, such as a broken envelope: a
 *     message with it is rejected for that reason, without being decoded, and its payload is what
 *     the origin gave, whole; null where the payload is the producer's
 */
public record Message(
    String topic, Payload payload, Origin origin, @Nullable Rejection unreadable) {
  /** What one takes in memory beside its payload: itself, its id, its place in lists. */
  public static final long OVERHEAD_BYTES = 256;

  public Message(String topic, Payload payload, Origin origin) {
    this(topic, payload, origin, null);
  }

  /** The same message, delivered once more. */
  public Message again() {
    return new Message(topic, payload, origin.again(), unreadable);
  }
}
