package dev.escala.decode.schema;

import java.math.BigDecimal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A message as a tree. The parser bounds how deep it nests; numbers are exact. NaN and infinities
 * are null: what becomes of them is decided elsewhere.
 */
final class MessageTree {
  /** As numeric of PostgreSQL; arithmetic with more would take seconds and gigabytes. */
  private static final int MOST_DIGITS = 131_072;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final JsonParser parser;
  private boolean hasHugeNumber;

  MessageTree(JsonParser parser) {
    this.parser = parser;
  }

  /** Empty where the message is no object, which is refused elsewhere. */
  Optional<JsonNode> read() {
    return parser.nextToken() == JsonToken.START_OBJECT ? Optional.of(object()) : Optional.empty();
  }

  /** Whether a number has so many digits that nothing can be said of it. */
  boolean hasHugeNumber() {
    return hasHugeNumber;
  }

  private ObjectNode object() {
    ObjectNode object = NODES.objectNode();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      object.set(name, value(parser.nextToken()));
    }
    return object;
  }

  private ArrayNode array() {
    ArrayNode array = NODES.arrayNode();
    for (JsonToken token = parser.nextToken();
        token != null && token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      array.add(value(token));
    }
    return array;
  }

  /** What ends too early is refused elsewhere. */
  private JsonNode value(@Nullable JsonToken token) {
    return switch (token) {
      case START_OBJECT -> object();
      case START_ARRAY -> array();
      case VALUE_STRING -> NODES.stringNode(parser.getString());
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      case VALUE_NUMBER_INT -> integer();
      case VALUE_NUMBER_FLOAT -> decimal(parser.getString());
      case null, default -> NODES.nullNode();
    };
  }

  private JsonNode integer() {
    return switch (parser.getNumberType()) {
      case INT -> NODES.numberNode(parser.getIntValue());
      case LONG -> NODES.numberNode(parser.getLongValue());
      default -> NODES.numberNode(parser.getBigIntegerValue());
    };
  }

  private JsonNode decimal(String text) {
    if (Character.isLetter(text.charAt(text.length() - 1))) {
      return NODES.nullNode();
    }
    try {
      BigDecimal number = new BigDecimal(text);
      if (Math.abs((long) number.scale()) <= MOST_DIGITS) {
        return NODES.numberNode(number);
      }
    } catch (NumberFormatException | ArithmeticException exponentTooLarge) {
      // as below
    }
    hasHugeNumber = true;
    return NODES.nullNode();
  }
}
