package dev.escala.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Where the role stands in the claims: of JSONPath (RFC 9535) names, indexes, {@code [*]}, and
 * filters that compare an item with a text or {@code search} it.
 */
record RolePath(List<Step> steps) {
  private static final String TEXT = "'([^'\\\\]*)'|\"([^\"\\\\]*)\"";
  private static final Pattern STEP =
      Pattern.compile(
          """
          \\.(?<member>[\\p{L}_][\\p{L}\\p{N}_]*)\
          |\\[\\s*(?:(?<name>%1$s)|(?<index>-?\\d{1,6})|(?<all>\\*)\
          |\\?\\s*@\\s*(?<comparison>==|!=)\\s*(?<text>%1$s)\
          |\\?\\s*search\\(\\s*@\\s*,\\s*(?<regex>%1$s)\\s*\\))\\s*]\
          """
              .formatted(TEXT));

  /** From some values to those below them. */
  private interface Step {
    Stream<JsonNode> from(JsonNode node);
  }

  /**
   * Reads a path.
   *
   * @throws IllegalArgumentException if it is none, or uses more of JSONPath than is known here
   */
  static RolePath parse(String path) {
    if (!path.startsWith("$")) {
      throw new IllegalArgumentException("must begin with $, such as $.role");
    }
    List<Step> steps = new ArrayList<>();
    Matcher matcher = STEP.matcher(path).region(1, path.length());
    int at = 1;
    while (at < path.length() && matcher.lookingAt()) {
      steps.add(step(matcher));
      at = matcher.end();
      matcher.region(at, path.length());
    }
    if (at < path.length() || steps.isEmpty()) {
      throw new IllegalArgumentException(
          "is not understood from '%s' on; there are .name, ['name'], [0], [*], [?@ == 'text'] and"
                  .formatted(path.substring(at))
              + " [?search(@, 'expression')]");
    }
    return new RolePath(List.copyOf(steps));
  }

  private static Step step(Matcher matcher) {
    if (matcher.group("member") != null) {
      return member(matcher.group("member"));
    }
    if (matcher.group("name") != null) {
      return member(unquoted(matcher.group("name")));
    }
    if (matcher.group("index") != null) {
      return item(Integer.parseInt(matcher.group("index")));
    }
    if (matcher.group("all") != null) {
      return items(item -> true);
    }
    if (matcher.group("regex") != null) {
      Pattern pattern = compiled(unquoted(matcher.group("regex")));
      return items(item -> item.isString() && pattern.matcher(item.asString()).find());
    }
    String text = unquoted(matcher.group("text"));
    boolean isEqual = matcher.group("comparison").equals("==");
    return items(item -> (item.isString() && item.asString().equals(text)) == isEqual);
  }

  private static Pattern compiled(String regex) {
    try {
      return Pattern.compile(regex);
    } catch (PatternSyntaxException malformed) {
      throw new IllegalArgumentException(
          "has an expression that is none: " + malformed.getDescription(), malformed);
    }
  }

  private static String unquoted(String quoted) {
    return quoted.substring(1, quoted.length() - 1);
  }

  private static Step member(String name) {
    return node -> Stream.ofNullable(node.get(name));
  }

  private static Step item(int index) {
    return node -> Stream.ofNullable(node.get(index < 0 ? node.size() + index : index));
  }

  private static Step items(Predicate<JsonNode> filter) {
    return node -> node.valueStream().filter(filter);
  }

  /** The first value that is there. */
  Optional<JsonNode> first(JsonNode claims) {
    Stream<JsonNode> found = Stream.of(claims);
    for (Step step : steps) {
      found = found.flatMap(step::from);
    }
    return found.filter(value -> !value.isNull()).findFirst();
  }
}
