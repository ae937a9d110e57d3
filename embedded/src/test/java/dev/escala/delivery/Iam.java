package dev.escala.delivery;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Policies of IAM, asked offline as AWS would ask them: what nothing allows is refused, and a
 * refusal that is written down counts more. Knows the conditions that infra/ uses.
 *
 * @param statements those of all documents
 */
record Iam(List<Statement> statements) {

  /**
   * What somebody wants.
   *
   * @param resource its ARN; {@code *} where the action knows none
   * @param context condition keys and what AWS would say of them
   */
  record Wish(String action, String resource, Map<String, String> context) {}

  record Statement(String sid, boolean allows, JsonNode tree) {
    boolean fits(Wish wish) {
      return named("Action", "NotAction", wish.action())
          && named("Resource", "NotResource", wish.resource())
          && tree.path("Condition").properties().stream()
              .allMatch(
                  operator ->
                      operator.getValue().properties().stream()
                          .allMatch(key -> holds(operator.getKey(), key, wish)));
    }

    private boolean named(String field, String otherwise, String value) {
      return tree.has(field)
          ? words(tree.path(field)).stream().anyMatch(pattern -> matches(pattern, value))
          : words(tree.path(otherwise)).stream().noneMatch(pattern -> matches(pattern, value));
    }

    private static boolean holds(String operator, Map.Entry<String, JsonNode> key, Wish wish) {
      String found = wish.context().getOrDefault(key.getKey(), "");
      Set<String> wanted = words(key.getValue());
      return switch (operator) {
        case "StringEquals", "ForAnyValue:StringEquals", "Bool" -> wanted.contains(found);
        case "ArnEquals", "ArnLike", "StringLike" ->
            wanted.stream().anyMatch(pattern -> matches(pattern, found));
        default -> throw new AssertionError("the simulation knows no " + operator);
      };
    }

    Set<String> actions() {
      return words(tree.path("Action"));
    }
  }

  /** Of documents as they are rendered. */
  static Iam of(List<String> documents) {
    List<Statement> statements = new ArrayList<>();
    for (String document : documents) {
      JsonNode found = JsonMapper.shared().readTree(document).path("Statement");
      for (JsonNode tree : found.isArray() ? found : List.of(found)) {
        statements.add(
            new Statement(
                tree.path("Sid").asString("?"),
                tree.path("Effect").asString().equals("Allow"),
                tree));
      }
    }
    return new Iam(statements);
  }

  boolean allows(Wish wish) {
    List<Statement> fitting = fitting(wish);
    return !fitting.isEmpty() && fitting.stream().allMatch(Statement::allows);
  }

  /** Those that speak of it. */
  List<Statement> fitting(Wish wish) {
    return statements.stream().filter(statement -> statement.fits(wish)).toList();
  }

  /** Everything that is allowed, as it is written. */
  Set<String> actions() {
    return statements.stream()
        .filter(Statement::allows)
        .flatMap(statement -> statement.actions().stream())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** The same without some of the actions. */
  Iam without(String sid) {
    return new Iam(statements.stream().filter(each -> !each.sid().equals(sid)).toList());
  }

  private static Set<String> words(JsonNode node) {
    if (!node.isArray()) {
      return node.isMissingNode() ? Set.of() : Set.of(node.asString());
    }
    return node.valueStream().map(JsonNode::asString).collect(Collectors.toSet());
  }

  /** Asterisk and question mark, and no difference between large and small letters of actions. */
  static boolean matches(String pattern, String value) {
    String regex =
        Pattern.quote(pattern.toLowerCase(Locale.ROOT))
            .replace("*", "\\E.*\\Q")
            .replace("?", "\\E.\\Q");
    return value.toLowerCase(Locale.ROOT).matches(regex);
  }
}
