package dev.escala.serve.mcp;

import dev.escala.model.Rights;
import dev.escala.serve.rows.JsonSchemas;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What an agent may call.
 *
 * @param title for people
 * @param description for agents: what it does, and how its arguments are written
 * @param properties JSON Schemas of its arguments by name
 * @param required names of arguments
 * @param isShown to whom it is listed; who may call it, it says itself
 */
record Tool(
    String name,
    String title,
    String description,
    Map<String, Map<String, Object>> properties,
    Set<String> required,
    Predicate<Rights> isShown,
    Action action) {

  /** Does what the tool is for. */
  @FunctionalInterface
  interface Action {
    Future<ToolAnswer> run(ToolCall call) throws ArgumentRefused;
  }

  /** Fails with nothing that who asks could mend. */
  Future<ToolAnswer> call(ToolCall call) {
    try {
      call.arguments().checkNames(properties.keySet());
      return action
          .run(call)
          .recover(failure -> Future.succeededFuture(ToolAnswer.of(ToolCall.problem(failure))));
    } catch (ArgumentRefused refused) {
      return Future.succeededFuture(ToolAnswer.of(refused.problem()));
    }
  }

  /** The JSON Schema of its arguments. */
  Map<String, Object> input() {
    return JsonSchemas.object(
        "type",
        "object",
        "properties",
        properties,
        "required",
        properties.keySet().stream().filter(required::contains).toList(),
        "additionalProperties",
        false);
  }

  /** The JSON Schema of a text. */
  static Map<String, Object> text(String description) {
    return JsonSchemas.object("type", "string", "description", description);
  }

  /** The JSON Schema of a whole number. */
  static Map<String, Object> number(String description, long least, long fallback) {
    return JsonSchemas.object(
        "type", "integer", "minimum", least, "default", fallback, "description", description);
  }
}
