package dev.escala.canary;

import dev.escala.model.Payload;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Reads a payload as a marker; anything else is none, and no error. */
final class MarkerReading {
  private static final JsonFactory JSON = new JsonFactory();
  private static final byte[] BEGINNING = Marker.BEGINNING.getBytes(StandardCharsets.US_ASCII);

  private MarkerReading() {}

  static Optional<Marker> of(Payload payload) {
    if (!beginsLikeOne(payload)) {
      return Optional.empty();
    }
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), payload.copy())) {
      return Optional.ofNullable(members(parser)).map(MarkerReading::marker);
    } catch (JacksonException | DateTimeException | IllegalArgumentException otherwise) {
      return Optional.empty();
    }
  }

  private static boolean beginsLikeOne(Payload payload) {
    if (payload.length() < BEGINNING.length) {
      return false;
    }
    byte[] bytes = payload.array();
    for (int i = 0; i < BEGINNING.length; i++) {
      if (bytes[payload.offset() + i] != BEGINNING[i]) {
        return false;
      }
    }
    return true;
  }

  private static Map<String, String> members(JsonParser parser) {
    parser.nextToken();
    parser.nextToken();
    parser.nextToken();
    Map<String, String> members = new HashMap<>();
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      if (!parser.nextToken().isScalarValue()) {
        throw new IllegalArgumentException("a marker is flat");
      }
      members.put(name, parser.getString());
    }
    if (parser.nextToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
      throw new IllegalArgumentException("a marker stands alone");
    }
    return members;
  }

  private static Marker marker(Map<String, String> members) {
    return new Marker(
        member(members, "topic"),
        UUID.fromString(member(members, "canary")),
        Long.parseLong(member(members, "seq")),
        Instant.parse(member(members, "sent_at")),
        member(members, "body"),
        member(members, "hash"),
        member(members, "signature"));
  }

  private static String member(Map<String, String> members, String name) {
    String value = members.get(name);
    if (value == null) {
      throw new IllegalArgumentException("a marker has a " + name);
    }
    return value;
  }
}
