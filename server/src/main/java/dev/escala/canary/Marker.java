package dev.escala.canary;

import dev.escala.model.Message;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.core.io.JsonStringEncoder;

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
    StringBuilder json = new StringBuilder(BEGINNING);
    member(json, "topic", topic).append(',');
    member(json, "canary", canary.toString()).append(',');
    json.append("\"seq\":").append(seq).append(',');
    member(json, "sent_at", sentAt.toString()).append(',');
    member(json, "body", body).append(',');
    member(json, "hash", hash).append(',');
    member(json, "signature", signature);
    return json.append("}}").toString();
  }

  private static StringBuilder member(StringBuilder json, String name, String value) {
    json.append('"').append(name).append("\":\"");
    JsonStringEncoder.getInstance().quoteAsString(value, json);
    return json.append('"');
  }
}
