package dev.escala.model;

import org.jspecify.annotations.Nullable;

/**
 * A message as it was published: the topic, the bytes of its body, and where it came from.
 *
 * @param unreadable why the source could not open what it received, such as a broken envelope: a
 *     message with it is rejected for that reason, without being decoded, and its payload is what
 *     the origin gave, whole; null where the payload is the producer's
 * @param deadLetter the dead letter that is being replayed; {@link #ARRIVED} where none is
 */
public record Message(
    String topic, Payload payload, Origin origin, @Nullable Rejection unreadable, long deadLetter) {
  /** What one takes in memory beside its payload: itself, its id, its place in lists. */
  public static final long OVERHEAD_BYTES = 256;

  /** It comes from its source. */
  public static final long ARRIVED = 0;

  /** A message that its source opened. */
  public Message(String topic, Payload payload, Origin origin) {
    this(topic, payload, origin, null);
  }

  /** A message of a source. */
  public Message(String topic, Payload payload, Origin origin, @Nullable Rejection unreadable) {
    this(topic, payload, origin, unreadable, ARRIVED);
  }

  /** The same message, which could not be opened for another reason, or for none: null. */
  public Message withUnreadable(@Nullable Rejection why) {
    return new Message(topic, payload, origin, why, deadLetter);
  }

  /** The same message with another body, which can be read. */
  public Message withPayload(Payload other) {
    return new Message(topic, other, origin, null, deadLetter);
  }

  /** The same message, delivered once more. */
  public Message again() {
    return new Message(topic, payload, origin.again(), unreadable, deadLetter);
  }
}
