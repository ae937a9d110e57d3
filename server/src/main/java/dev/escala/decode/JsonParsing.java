package dev.escala.decode;

import dev.escala.decode.JsonValue.Form;
import dev.escala.model.ReasonCode;
import java.util.Arrays;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads the values of fields from a parser. */
final class JsonParsing {
  private JsonParsing() {}

  /** The value of a field, whose token is next. */
  static JsonValue value(JsonParser parser, byte[] json, String field) {
    return switch (parser.nextToken()) {
      case VALUE_NULL -> JsonValue.scalar(Form.NULL, "");
      case VALUE_TRUE -> JsonValue.scalar(Form.TRUE, "");
      case VALUE_FALSE -> JsonValue.scalar(Form.FALSE, "");
      case VALUE_NUMBER_INT -> JsonValue.scalar(Form.INTEGER, parser.getString());
      case VALUE_NUMBER_FLOAT -> decimal(parser.getString());
      case VALUE_STRING -> JsonValue.scalar(Form.STRING, parser.getString());
      case START_OBJECT, START_ARRAY -> {
        int start = (int) parser.currentTokenLocation().getByteOffset();
        skipContainer(parser, field);
        int end = (int) parser.currentLocation().getByteOffset();
        yield JsonValue.container(Arrays.copyOfRange(json, start, end));
      }
      case null, default -> throw Refusal.of(ReasonCode.JSON_MALFORMED, "ends within an object");
    };
  }

  private static JsonValue decimal(String text) {
    return JsonValue.scalar(JsonNumber.isNonFinite(text) ? Form.NON_FINITE : Form.DECIMAL, text);
  }

  /** PostgreSQL's jsonb holds numbers as numeric, with the same limits. */
  private static void skipContainer(JsonParser parser, String field) {
    NamesOfObjects names = new NamesOfObjects();
    names.begin();
    for (int depth = 1; depth > 0; ) {
      JsonToken token = parser.nextToken();
      if (token == null) {
        throw Refusal.of(ReasonCode.JSON_MALFORMED, "ends within an object or array");
      }
      if (token.isStructStart()) {
        depth++;
        names.begin();
      } else if (token.isStructEnd()) {
        depth--;
        names.end();
      } else if (token == JsonToken.PROPERTY_NAME) {
        names.add(parser.currentName());
      } else if (token == JsonToken.VALUE_NUMBER_FLOAT) {
        if (JsonNumber.isNonFinite(parser.getString())) {
          throw Refusal.of(
              ReasonCode.JSON_MALFORMED,
              "has %s within an object or array, and JSON has no such number; send null"
                  .formatted(parser.getString()));
        }
        var _ = JsonNumber.exact(parser.getString(), field);
      }
    }
  }
}
