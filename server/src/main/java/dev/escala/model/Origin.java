package dev.escala.model;

import java.time.Instant;
import java.util.Map;

/**
 * Where a message came from.
 *
 * @param source the kind of source
 * @param messageId the id under which the source gives the same message again: the SNS MessageId
 *     where there was an envelope, else the SQS MessageId, topic, partition, offset and time of a
 *     record of Kafka, or what the HTTP source minted
 * @param publishedAt when the producer published it, as the source says
 * @param attempt which delivery of the message this is, from 1
 * @param attributes what the producer sent beside the body; names and text values
 * @param minted the position in its request of a message whose id the HTTP source minted, so that
 *     the next request has another for the same message; {@link #GIVEN} for any other id
 */
public record Origin(
    SourceKind source,
    String messageId,
    Instant publishedAt,
    int attempt,
    Map<String, String> attributes,
    int minted) {

  /** The id came with the message, and comes again with it. */
  public static final int GIVEN = -1;

  /** Where a message with an id of its own came from. */
  public Origin(
      SourceKind source,
      String messageId,
      Instant publishedAt,
      int attempt,
      Map<String, String> attributes) {
    this(source, messageId, publishedAt, attempt, attributes, GIVEN);
  }

  public Origin {
    if (messageId.isEmpty()) {
      throw new IllegalArgumentException("a message has an id");
    }
    if (attempt < 1) {
      throw new IllegalArgumentException("attempts are counted from 1, not " + attempt);
    }
    attributes = Map.copyOf(attributes);
  }

  /** The same origin, at the next delivery. */
  public Origin again() {
    return new Origin(source, messageId, publishedAt, attempt + 1, attributes, minted);
  }
}
