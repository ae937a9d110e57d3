package dev.escala.decode;

import dev.escala.decode.JsonValue.Form;
import dev.escala.model.Message;
import dev.escala.model.Origin;
import dev.escala.model.ReasonCode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * A message that has no body: what its source calls its key is gone. The key is a JSON object with
 * the fields of the key, a JSON text or number, or just a text.
 */
final class Tombstone {
  private final TopicSettings settings;
  private final List<String> fields;
  private final @Nullable JsonValue[] values;

  private Tombstone(TopicSettings settings) {
    this.settings = settings;
    this.fields = settings.keyFields();
    this.values = new @Nullable JsonValue[fields.size()];
  }

  /** The row that is to go. */
  static Row deletion(Message message, TopicSettings settings, TableColumns columns) {
    Map<String, String> attributes = message.origin().attributes();
    String key = attributes.get(Origin.KAFKA_KEY);
    if (key == null || attributes.containsKey(Origin.KAFKA_KEY_ENCODING)) {
      throw Refusal.of(
          ReasonCode.PAYLOAD_MISSING,
          key == null
              ? "The record has neither value nor key, so that nobody knows what is gone."
              : "The record has no value, and its key is no text: nobody knows which row is gone.");
    }
    Tombstone tombstone = new Tombstone(settings);
    tombstone.read(key);
    Origin origin = message.origin();
    Object row = MessageKey.ofFields(tombstone.fields, tombstone.values, columns.uuidKey());
    return Row.deletion(
        new Row.Version(row, origin.publishedAt(), origin.source(), origin.sequence()));
  }

  private void read(String key) {
    if (!key.startsWith("{")) {
      values[0] = scalar(key);
      return;
    }
    byte[] json = key.getBytes(StandardCharsets.UTF_8);
    try (JsonParser parser = MessageJson.strictParser(json)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String field = settings.name(parser.currentName());
        JsonValue value = JsonParsing.value(parser, json, field);
        int position = fields.indexOf(field);
        if (position >= 0) {
          values[position] = value;
        }
      }
    }
  }

  private static JsonValue scalar(String key) {
    byte[] json = key.getBytes(StandardCharsets.UTF_8);
    try (JsonParser parser = MessageJson.parser(json)) {
      String text = parser.nextToken() == JsonToken.VALUE_STRING ? parser.getString() : key;
      return JsonValue.scalar(Form.STRING, parser.nextToken() == null ? text : key);
    } catch (JacksonException noJson) {
      return JsonValue.scalar(Form.STRING, key);
    }
  }
}
