package dev.escala.query;

import dev.escala.catalog.Routine.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the comments in front of a published query say: {@code -- :name type = default What it is}
 * declares a parameter, with two blanks before its description; all other lines describe the query.
 *
 * @param comment null if there is none
 */
public record QueryHead(@Nullable String comment, List<Declared> parameters) {
  private static final Pattern PARAMETER =
      Pattern.compile(
          ":(\\S+)\\s+(\\S+(?: \\S+)*?)"
              + "(?:\\s*=\\s*(?:'((?:[^']|'')*)'|(\\S+(?: \\S+)*?)))?"
              + "(?:(?: {2,}|\\t)\\s*(.*))?");

  /** What is asked of any result, and so is never an argument. */
  private static final Set<String> RESERVED =
      Set.of("select", "order", "limit", "offset", "and", "or", "format");

  /**
   * A parameter with its type as it is written.
   *
   * @param line of the file, from 1
   */
  public record Declared(Parameter parameter, int line) {}

  public QueryHead {
    parameters = List.copyOf(parameters);
  }

  /** Takes all tokens in front of the statement. */
  static QueryHead of(List<SqlToken> before) throws SqlRefused {
    List<String> described = new ArrayList<>();
    List<Declared> parameters = new ArrayList<>();
    int line = 1;
    for (SqlToken token : before) {
      if (token.kind() == SqlToken.Kind.COMMENT && token.text().startsWith("--")) {
        String said = token.text().substring(2).strip();
        if (said.startsWith(":")) {
          parameters.add(declared(said, line));
        } else {
          described.add(said);
        }
      }
      line += (int) token.text().chars().filter(letter -> letter == '\n').count();
    }
    String comment = String.join("\n", described).strip();
    return new QueryHead(comment.isEmpty() ? null : comment, parameters);
  }

  private static Declared declared(String said, int line) throws SqlRefused {
    Matcher matcher = PARAMETER.matcher(said);
    if (!matcher.matches()) {
      throw SqlRefused.rule(
          "Line " + line + " declares no parameter: " + said,
          "Write -- :name type, or -- :name type = default, and two blanks before a description.");
    }
    String name = matcher.group(1);
    if (RESERVED.contains(name)) {
      throw SqlRefused.rule(
          "Line %d: a parameter cannot be called %s, which is asked of any result."
              .formatted(line, name),
          "Give it another name.");
    }
    String quoted = matcher.group(3);
    String bare = matcher.group(4);
    boolean isNull = quoted == null && bare != null && bare.toLowerCase(Locale.ROOT).equals("null");
    String text = quoted == null ? bare : quoted.replace("''", "'");
    String comment = matcher.group(5);
    return new Declared(
        new Parameter(
            name,
            matcher.group(2),
            text != null,
            false,
            isNull ? null : text,
            comment == null || comment.isBlank() ? null : comment.strip()),
        line);
  }

  /** The declared parameter of a name. */
  public Optional<Declared> parameter(String name) {
    return parameters.stream()
        .filter(declared -> declared.parameter().name().equals(name))
        .findFirst();
  }
}
