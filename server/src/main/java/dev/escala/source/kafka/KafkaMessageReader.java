package dev.escala.source.kafka;

import dev.escala.model.Message;
import dev.escala.model.Origin;
import dev.escala.model.Payload;
import dev.escala.model.ReasonCode;
import dev.escala.model.Rejection;
import dev.escala.model.SourceKind;
import dev.escala.source.kafka.ValueOpening.Opened;
import dev.escala.source.kafka.ValueOpening.Opener;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Turns records into messages: the value as JSON is the payload, all else is in the origin. */
final class KafkaMessageReader {
  /** Attributes that are Escala's own begin so; a header of the same name gives way. */
  private static final String OWN = "kafka.";

  /** The end of the year 9999: producers may say any time, and PostgreSQL does not keep any. */
  private static final long LATEST_MILLIS = 253_402_300_799_999L;

  private static final Rejection TOMBSTONE =
      Rejection.of(
          ReasonCode.PAYLOAD_MISSING,
          "The record has no value: it says that its key is deleted, and only with dedup: latest"
              + " are rows deleted by messages. The key is the attribute kafka.key.");

  private final String topic;
  private final ValueOpening values;

  KafkaMessageReader(String topic, ValueOpening values) {
    this.topic = topic;
    this.values = values;
  }

  /** What opens the value of a record; empty while that cannot be known. Does not wait. */
  Optional<Opener> opener(ConsumerRecord<byte[], byte[]> received) {
    byte[] value = received.value();
    return value == null ? Optional.of(Unopened.AS_IT_IS) : values.opener(value, false);
  }

  Message read(ConsumerRecord<byte[], byte[]> received, int attempt, Opener opener) {
    Origin origin =
        new Origin(
            SourceKind.KAFKA, id(received), publishedAt(received), attempt, attributes(received));
    byte[] value = received.value();
    if (value == null) {
      return new Message(topic, Payload.of(new byte[0]), origin, TOMBSTONE);
    }
    Opened opened = opener.open(value);
    return new Message(topic, opened.payload(), origin, opened.unreadable());
  }

  /**
   * The time as well: an offset means another record once its topic was made anew, was read from
   * another cluster, or lost its end with a broker.
   */
  private static String id(ConsumerRecord<byte[], byte[]> received) {
    return received.topic()
        + '-'
        + received.partition()
        + '-'
        + received.offset()
        + '-'
        + received.timestamp();
  }

  private static Instant publishedAt(ConsumerRecord<byte[], byte[]> received) {
    return received.timestamp() < 0
        ? Instant.now()
        : Instant.ofEpochMilli(Math.min(received.timestamp(), LATEST_MILLIS));
  }

  private static Map<String, String> attributes(ConsumerRecord<byte[], byte[]> received) {
    Map<String, String> attributes = new HashMap<>();
    for (Header header : received.headers()) {
      if (header.value() != null) {
        attributes.put(header.key(), text(header.value()));
      }
    }
    if (received.key() != null) {
      attributes.put(Origin.KAFKA_KEY, text(received.key()));
      if (!isText(received.key())) {
        attributes.put(Origin.KAFKA_KEY_ENCODING, "base64");
      }
    }
    attributes.put(OWN + "topic", received.topic());
    attributes.put(OWN + "partition", Integer.toString(received.partition()));
    attributes.put(Origin.KAFKA_OFFSET, Long.toString(received.offset()));
    return attributes;
  }

  /** Text in UTF-8, or in Base64 what is none, such as a number in eight bytes. */
  private static String text(byte[] bytes) {
    return isText(bytes)
        ? new String(bytes, StandardCharsets.UTF_8)
        : Base64.getEncoder().encodeToString(bytes);
  }

  private static boolean isText(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.chars().noneMatch(KafkaMessageReader::isBinary);
    } catch (CharacterCodingException noText) {
      return false;
    }
  }

  private static boolean isBinary(int character) {
    return Character.isISOControl(character) && !Character.isWhitespace(character);
  }

  /** What a record takes in memory beside its place in lists. */
  static long bytes(ConsumerRecord<byte[], byte[]> received) {
    long bytes = length(received.value()) + length(received.key());
    for (Header header : received.headers()) {
      bytes += header.key().length() + length(header.value());
    }
    return bytes;
  }

  private static long length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }
}
