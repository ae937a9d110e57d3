package dev.escala.canary;

import dev.escala.model.Message;
import java.io.StringWriter;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A message of the canary: published to see whether it arrives, and whether it is the same then.
 *
 * @param canary which canary: each process has its own
 * @param seq its number among those of its canary and topic, from 1
 * @param sentAt to the millisecond
 * @param body anything
 * @param hash SHA-256 of the body, in hexadecimal digits
 * @param signature of all the others, see {@link MarkerKey}
 */
public record Marker(
    String topic,
    UUID canary,
    long seq,
    Instant sentAt,
    String body,
    String hash,
    String signature) {
  /** No payload of anybody else begins like this by chance, so that looking costs nothing. */
  static final String BEGINNING = "{\"escala_canary\":{";

  private static final String NAME = "escala_canary";
  private static final JsonFactory JSON = new JsonFactory();

  /**
   * The marker that a message looks like; genuine is only what {@link MarkerKey#signed} says so of.
   */
  public static Optional<Marker> in(Message message) {
    return message.unreadable() == null
        ? MarkerReading.of(message.payload())
            .filter(marker -> marker.topic().equals(message.topic()))
        : Optional.empty();
  }

  /** The payload of its message. */
  public String text() {
    StringWriter text = new StringWriter(512);
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      json.writeObjectPropertyStart(NAME);
      json.writeStringProperty("topic", topic);
      json.writeStringProperty("canary", canary.toString());
      json.writeNumberProperty("seq", seq);
      json.writeStringProperty("sent_at", sentAt.toString());
      json.writeStringProperty("body", body);
      json.writeStringProperty("hash", hash);
      json.writeStringProperty("signature", signature);
    }
    return text.toString();
  }
}
