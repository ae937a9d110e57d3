package dev.escala.source.sns;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * What SNS wraps around a published message.
 *
 * @param messageId SNS's id, the same in every delivery and every subscription
 * @param subject null where the producer gave none
 * @param message the published text
 * @param publishedAt to the millisecond
 * @param attributes the producer's attributes; the value of a binary one is in Base64
 */
public record SnsEnvelope(
    String messageId,
    String topicArn,
    @Nullable String subject,
    String message,
    Instant publishedAt,
    Map<String, String> attributes) {
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  public SnsEnvelope {
    attributes = Map.copyOf(attributes);
  }

  /** What a text turned out to be. */
  public sealed interface Opened {
    record Envelope(SnsEnvelope envelope) implements Opened {}

    /** JSON or not: no envelope. {@code detail} says what is missing. */
    record NoEnvelope(String detail) implements Opened {}
  }

  /** Opens an envelope; never throws, whatever the text is. */
  public static Opened open(String text) {
    return EnvelopeReader.read(text);
  }

  /**
   * Whether the text may be an envelope at all, at the price of a search: most payloads are not,
   * and need not be parsed twice.
   */
  public static boolean maybe(String text) {
    return text.contains("\"TopicArn\"");
  }

  /**
   * The body that a queue gets from SNS: same members, order and spaces; the signature is an
   * example and verifies nowhere.
   */
  public String wrap() {
    StringBuilder json = new StringBuilder(message.length() + 1024).append("{\n");
    member(json, "Type", "Notification").append(",\n");
    member(json, "MessageId", messageId).append(",\n");
    member(json, "TopicArn", topicArn).append(",\n");
    if (subject != null) {
      member(json, "Subject", subject).append(",\n");
    }
    member(json, "Message", message).append(",\n");
    member(json, "Timestamp", TIMESTAMP.format(publishedAt)).append(",\n");
    member(json, "SignatureVersion", "1").append(",\n");
    member(json, "Signature", "EXAMPLE").append(",\n");
    member(json, "SigningCertURL", endpoint() + "/SimpleNotificationService-example.pem")
        .append(",\n");
    member(
        json,
        "UnsubscribeURL",
        endpoint() + "/?Action=Unsubscribe&SubscriptionArn=" + topicArn + ":example");
    appendAttributes(json);
    return json.append("\n}").toString();
  }

  private String endpoint() {
    String[] parts = topicArn.split(":", 5);
    return "https://sns.%s.amazonaws.com".formatted(parts.length == 5 ? parts[3] : "us-east-1");
  }

  private void appendAttributes(StringBuilder json) {
    if (attributes.isEmpty()) {
      return;
    }
    json.append(",\n  \"MessageAttributes\" : {");
    String before = "\n";
    for (Map.Entry<String, String> attribute : new TreeMap<>(attributes).entrySet()) {
      quoted(json.append(before).append("    "), attribute.getKey());
      quoted(json.append(" : {\"Type\":\"String\",\"Value\":"), attribute.getValue()).append('}');
      before = ",\n";
    }
    json.append("\n  }");
  }

  private static StringBuilder member(StringBuilder json, String name, String value) {
    return quoted(quoted(json.append("  "), name).append(" : "), value);
  }

  private static StringBuilder quoted(StringBuilder json, String text) {
    json.append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, json);
    return json.append('"');
  }
}
