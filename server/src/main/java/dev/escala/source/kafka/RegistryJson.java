package dev.escala.source.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Reads an answer of a schema registry. */
final class RegistryJson {
  private static final JsonFactory JSON = JsonFactory.builder().build();

  private RegistryJson() {}

  /**
   * Members of an object: scalars as text, and of lists those that are not empty, as an empty text;
   * empty where the bytes are no object.
   */
  static Optional<Map<String, String>> members(byte[] bytes) {
    Map<String, String> members = new HashMap<>();
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), bytes)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      for (String name = parser.nextName(); name != null; name = parser.nextName()) {
        JsonToken token = parser.nextToken();
        if (token.isScalarValue()) {
          members.put(name, token == JsonToken.VALUE_NULL ? "" : parser.getString());
        } else if (token == JsonToken.START_ARRAY) {
          skip(parser, name, members);
        } else {
          parser.skipChildren();
        }
      }
      return Optional.of(members);
    } catch (JacksonException malformed) {
      return Optional.empty();
    }
  }

  private static void skip(JsonParser parser, String name, Map<String, String> members) {
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      members.put(name, "");
      parser.skipChildren();
    }
  }
}
