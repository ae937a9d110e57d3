package dev.escala.decode.schema;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.keyword.AbstractKeyword;
import com.networknt.schema.keyword.BaseKeywordValidator;
import com.networknt.schema.keyword.KeywordValidator;
import com.networknt.schema.path.NodePath;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * {@code uniqueItems} by the order of items. The validator's own goes by their hashes, and whoever
 * publishes may choose texts that have the same: 10,000 of them took nine seconds.
 */
final class DistinctItems extends AbstractKeyword {
  DistinctItems() {
    super("uniqueItems");
  }

  @Override
  public KeywordValidator newValidator(
      SchemaLocation location, JsonNode value, Schema parent, SchemaContext context) {
    return new Check(this, location, value, parent, context);
  }

  /** Of one place in a schema. */
  private static final class Check extends BaseKeywordValidator {
    private final boolean isWanted;

    Check(
        DistinctItems keyword,
        SchemaLocation location,
        JsonNode value,
        Schema parent,
        SchemaContext context) {
      super(keyword, value, location, parent, context);
      this.isWanted = value.asBoolean(false);
    }

    @Override
    public void validate(
        ExecutionContext context, JsonNode node, JsonNode root, NodePath location) {
      if (isWanted && node.isArray() && !areDistinct(node)) {
        context.addError(
            error()
                .instanceNode(node)
                .instanceLocation(location)
                .evaluationPath(context.getEvaluationPath())
                .locale(context.getExecutionConfig().getLocale())
                .build());
      }
    }
  }

  private static boolean areDistinct(JsonNode array) {
    Set<String> seen = new TreeSet<>();
    for (JsonNode item : array) {
      if (!seen.add(text(item))) {
        return false;
      }
    }
    return true;
  }

  /** The same of items that JSON Schema calls equal. */
  private static String text(JsonNode node) {
    if (node.isNumber()) {
      return node.decimalValue().stripTrailingZeros().toString();
    }
    if (node.isObject()) {
      return node.properties().stream()
          .map(member -> quoted(member.getKey()) + ":" + text(member.getValue()))
          .sorted()
          .collect(Collectors.joining(",", "{", "}"));
    }
    if (node.isArray()) {
      return node.valueStream().map(DistinctItems::text).collect(Collectors.joining(",", "[", "]"));
    }
    return node.toString();
  }

  private static String quoted(String name) {
    return JsonNodeFactory.instance.stringNode(name).toString();
  }
}
