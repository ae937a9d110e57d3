package dev.escala.model;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

  /** The attribute in which the key of a record of Kafka stands. */
  public static final String KAFKA_KEY = "kafka.key";

  /** The attribute that is there where such a key is no text, and stands in Base64. */
  public static final String KAFKA_KEY_ENCODING = "kafka.key-encoding";

  /** The attribute in which the position of a record of Kafka in its partition stands. */
  public static final String KAFKA_OFFSET = "kafka.offset";

  /** The attribute in which SQS gives the place of a message in its FIFO group. */
  private static final String FIFO_SEQUENCE = "SequenceNumber";

  /** Longer ones are no numbers of Kafka or SQS. */
  private static final int MAX_DIGITS = 40;

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

  /**
   * Where the message stands among those that its source keeps in order, such as the offset of a
   * record; null where the source knows no order.
   */
  public @Nullable BigDecimal sequence() {
    String text =
        switch (source) {
          case KAFKA -> attributes.get(KAFKA_OFFSET);
          case SQS, SNS -> attributes.get(FIFO_SEQUENCE);
          case HTTP, FILE -> null;
        };
    return text != null && text.length() <= MAX_DIGITS && text.matches("\\d+")
        ? new BigDecimal(text)
        : null;
  }

  /** The same origin, at the next delivery. */
  public Origin again() {
    return new Origin(source, messageId, publishedAt, attempt + 1, attributes, minted);
  }
}
