package dev.escala.infra.policy;

import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A resource of a plan.
 *
 * @param values what is known before apply
 * @param unknown true at the place of what AWS will answer
 */
record Resource(String address, String type, JsonNode values, JsonNode unknown) {

  /** At a JSON pointer, such as {@code /access_logs/0/enabled}. */
  boolean is(String pointer) {
    return values.at(pointer).asBoolean(false);
  }

  double number(String pointer) {
    return values.at(pointer).asDouble(0);
  }

  /** Empty where there is none. */
  String text(String pointer) {
    return values.at(pointer).asString("");
  }

  /** Whether there is a value, or will be one. */
  boolean has(String pointer) {
    JsonNode value = values.at(pointer);
    boolean known =
        !value.isMissingNode()
            && !value.isNull()
            && !(value.isContainer() && value.isEmpty())
            && !(value.isString() && value.asString().isEmpty());
    return known || willHave(pointer);
  }

  boolean willHave(String pointer) {
    return unknown.at(pointer).asBoolean(false);
  }

  List<JsonNode> each(String pointer) {
    return StreamSupport.stream(values.at(pointer).spliterator(), false).toList();
  }

  /** The texts of a list. */
  List<String> texts(String pointer) {
    return each(pointer).stream().map(node -> node.asString("")).toList();
  }

  /** A text that is itself JSON; absent where there is none yet. */
  Optional<JsonNode> json(String pointer) {
    return Optional.of(text(pointer)).filter(text -> !text.isEmpty()).map(Resource::parse);
  }

  static JsonNode parse(String json) {
    return JsonMapper.shared().readTree(json);
  }
}
