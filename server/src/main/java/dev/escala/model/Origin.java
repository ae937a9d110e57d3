package dev.escala.model;

import java.time.Instant;
import java.util.Map;

/**
 * Where a message came from.
 *
 * @param source the kind of source
 * @param messageId the id under which the source gives the same message again: the SNS MessageId
 *     where there was an envelope, else the SQS MessageId, {@code topic-partition-offset}, or what
 *     the HTTP source minted
 * @param publishedAt when the producer published it, as the source says
 * @param attempt which delivery of the message this is, from 1
 * @param attributes what the producer sent beside the body; names and text values
 */
public record Origin(
    SourceKind source,
    String messageId,
    Instant publishedAt,
    int attempt,
    Map<String, String> attributes) {

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
    return new Origin(source, messageId, publishedAt, attempt + 1, attributes);
  }
}
