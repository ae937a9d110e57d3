package dev.escala.decode;

import dev.escala.model.ReasonCode;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Writes a JSON array as PostgreSQL's array literal, {@code {"a",NULL,{1,2}}}. */
final class ArrayLiteral {
  private static final JsonFactory JSON = new JsonFactory();

  private ArrayLiteral() {}

  static String of(byte[] json, String column) {
    StringBuilder literal = new StringBuilder(json.length + 8);
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
      boolean first = true;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.END_ARRAY) {
          literal.append('}');
          first = false;
          continue;
        }
        literal.append(first ? "" : ",");
        first = token == JsonToken.START_ARRAY;
        append(literal, token, parser, column);
      }
    }
    return literal.toString();
  }

  private static void append(
      StringBuilder literal, JsonToken token, JsonParser parser, String column) {
    switch (token) {
      case START_ARRAY -> literal.append('{');
      case VALUE_NULL -> literal.append("NULL");
      case VALUE_STRING ->
          literal
              .append('"')
              .append(parser.getString().replace("\\", "\\\\").replace("\"", "\\\""))
              .append('"');
      case VALUE_TRUE, VALUE_FALSE, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          literal.append(parser.getString());
      default ->
          throw Refusal.of(
              ReasonCode.FIELD_TYPE, column, "is not an array of plain values, as the column is");
    }
  }
}
