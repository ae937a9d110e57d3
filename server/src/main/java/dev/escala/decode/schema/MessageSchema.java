package dev.escala.decode.schema;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.Schema;
import com.networknt.schema.ValidationLimitExceededException;
import com.networknt.schema.path.NodePath;
import dev.escala.config.Section;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JsonNode;

/** A JSON Schema, of draft 2020-12, 2019-09 or 7. */
public final class MessageSchema {
  /** A message nests 100 levels deep, and a level of it takes some levels of a schema. */
  private static final int MOST_DEPTH = 1_000;

  private static final long LEAST_STEPS = 100_000;
  private static final long STEPS_OF_EACH_BYTE = 20;
  private static final int MOST_OF_PLACE = 200;
  private static final int MOST_OF_RULE = 100;

  private final Schema schema;

  MessageSchema(Schema schema) {
    this.schema = schema;
  }

  /**
   * Where a message does not fit.
   *
   * @param field at the top of the message, where it is about one
   * @param detail the place and the rule; never the value
   */
  public record Misfit(@Nullable String field, String detail) {}

  /** Reads {@code schema}, the file of a topic, beside the file of the configuration. */
  public static Optional<MessageSchema> read(Section topic) {
    Optional<Path> file = topic.file("schema");
    if (file.isEmpty()) {
      return Optional.empty();
    }
    SchemaFile read = new SchemaFile(file.get());
    Optional<MessageSchema> schema = read.schema();
    read.errors().forEach(error -> topic.reject("schema", file.get() + ": " + error));
    return schema;
  }

  /**
   * Where the message does not fit first; empty where it does, or is no object. Fails as the parser
   * does.
   *
   * @param bytes how long the message is
   */
  public Optional<Misfit> misfit(JsonParser parser, long bytes) {
    MessageTree tree = new MessageTree(parser);
    Optional<JsonNode> message = tree.read();
    if (tree.hasHugeNumber()) {
      return Optional.of(
          new Misfit(null, "has a number of so many digits that no schema can be held to it"));
    }
    return message.flatMap(node -> misfit(node, bytes));
  }

  Optional<Misfit> misfit(JsonNode message, long bytes) {
    ExecutionConfig limits =
        ExecutionConfig.builder()
            .failFast(true)
            .maxEvaluationSteps(LEAST_STEPS + STEPS_OF_EACH_BYTE * bytes)
            .maxEvaluationDepth(MOST_DEPTH)
            .formatAssertionsEnabled(false) // for some texts they take seconds, or throw
            .build();
    MatchBudget budget = new MatchBudget(bytes);
    try {
      List<Error> errors =
          ScopedValue.where(MatchBudget.CURRENT, budget)
              .call(() -> schema.validate(message, it -> it.setExecutionConfig(limits)));
      return budget.isSpent()
          ? Optional.of(unending(null, "its regular expressions"))
          : errors.stream().findFirst().map(MessageSchema::misfit);
    } catch (ValidationLimitExceededException limit) {
      return Optional.of(unending(limit.getInstanceLocation(), "its rules"));
    }
  }

  private static Misfit unending(@Nullable NodePath place, String rules) {
    return new Misfit(
        place == null ? null : field(place),
        "%s takes too long to be held to the schema, because of %s; make them simpler"
            .formatted(place == null ? "the message" : place(place), rules));
  }

  private static Misfit misfit(Error error) {
    NodePath place = error.getInstanceLocation();
    String property = error.getProperty();
    JsonNode rule = error.getSchemaNode();
    String about =
        property != null
            ? " (" + cut(property, MOST_OF_PLACE) + ")"
            : rule != null && rule.isValueNode() ? " " + cut(rule.toString(), MOST_OF_RULE) : "";
    String field = field(place);
    return new Misfit(
        field != null || property == null ? field : cut(property, MOST_OF_PLACE),
        "%s does not fit %s%s, at %s of the schema"
            .formatted(
                place(place),
                error.getKeyword(),
                about,
                cut(error.getSchemaLocation().toString(), MOST_OF_PLACE)));
  }

  private static String place(NodePath path) {
    return path.getNameCount() == 0 ? "the message" : cut(path.toString(), MOST_OF_PLACE);
  }

  private static @Nullable String field(NodePath path) {
    return path.getNameCount() == 0 ? null : cut(path.getName(0), MOST_OF_PLACE);
  }

  private static String cut(String text, int most) {
    return text.codePointCount(0, text.length()) <= most
        ? text
        : text.substring(0, text.offsetByCodePoints(0, most)) + "…";
  }
}
