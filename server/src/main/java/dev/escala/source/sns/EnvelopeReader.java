package dev.escala.source.sns;

import dev.escala.source.sns.SnsEnvelope.Opened;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** Reads an envelope as a stream, without a tree. */
final class EnvelopeReader {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final List<String> NEEDED =
      List.of("Type", "MessageId", "TopicArn", "Message", "Timestamp");

  private final Map<String, String> members = new HashMap<>();
  private final Map<String, String> attributes = new HashMap<>();

  private EnvelopeReader() {}

  static Opened read(String text) {
    EnvelopeReader reader = new EnvelopeReader();
    String trouble = reader.trouble(text);
    return trouble == null ? reader.envelope() : new Opened.NoEnvelope(trouble);
  }

  /** What is posted, of any type, with what its signature needs. */
  static PushedMessage readPushed(String text) throws PushRefused {
    EnvelopeReader reader = new EnvelopeReader();
    if (reader.trouble(text) != null) {
      throw new PushRefused(PushRefused.Reason.MALFORMED, "The body is no JSON object");
    }
    return PushedMessage.of(reader.members, reader.attributes);
  }

  /** Reads all of it; says what is wrong, or null. */
  private @Nullable String trouble(String text) {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return "It is no JSON object";
      }
      readMembers(parser);
      return parser.nextToken() == null ? null : "Something follows the JSON object";
    } catch (JacksonException malformed) {
      return "It is not well-formed JSON: " + malformed.getOriginalMessage();
    }
  }

  private void readMembers(JsonParser parser) {
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      JsonToken value = parser.nextToken();
      if (value == JsonToken.VALUE_STRING) {
        members.put(name, parser.getString());
      } else if (value == JsonToken.START_OBJECT && name.equals("MessageAttributes")) {
        readAttributes(parser);
      } else {
        parser.skipChildren();
      }
    }
  }

  private void readAttributes(JsonParser parser) {
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        readAttribute(parser, name);
      } else {
        parser.skipChildren();
      }
    }
  }

  private void readAttribute(JsonParser parser, String attribute) {
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      if (parser.nextToken() == JsonToken.VALUE_STRING && name.equals("Value")) {
        attributes.put(attribute, parser.getString());
      } else {
        parser.skipChildren();
      }
    }
  }

  private Opened envelope() {
    for (String name : NEEDED) {
      String value = members.get(name);
      if (value == null || (value.isEmpty() && !name.equals("Message"))) {
        return new Opened.NoEnvelope("It has no text " + name);
      }
    }
    if (!member("Type").equals("Notification")) {
      return new Opened.NoEnvelope("Its Type is " + member("Type") + ", not Notification");
    }
    @Nullable Instant publishedAt = instant(member("Timestamp"));
    return publishedAt == null
        ? new Opened.NoEnvelope("Its Timestamp is no instant: " + member("Timestamp"))
        : new Opened.Envelope(
            new SnsEnvelope(
                member("MessageId"),
                member("TopicArn"),
                members.get("Subject"),
                member("Message"),
                publishedAt,
                attributes));
  }

  private String member(String name) {
    return members.getOrDefault(name, "");
  }

  private static @Nullable Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException malformed) {
      return null;
    }
  }
}
