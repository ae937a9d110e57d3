package dev.escala.query;

import dev.escala.model.Suggestion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One reading statement: its text with {@code $1}, {@code $2} ..., and the values to bind to them.
 *
 * <p>Every parameter is rendered as {@code CAST($n AS text)}, so a driver that prepares first finds
 * the type text and binds the value as it came; where SQL needs another type the query says so:
 * {@code :day::date}. The text ends with its last token, without semicolon or comment, and its
 * brackets pair, so it can stand in the brackets of another query. It is safe only in a READ ONLY
 * transaction of a login that may only read, with {@code standard_conforming_strings} on.
 */
public record SqlRequest(String text, List<String> values) {

  public SqlRequest {
    values = List.copyOf(values);
  }

  /**
   * Checks a text against the rules and puts numbers in place of {@code :name}.
   *
   * @param namedValues the values by name, each used at least once
   * @param volatileFunctions names as in {@code pg_proc}, of all schemas of the database
   * @throws SqlRefused if the text breaks a rule, or names and values do not fit each other
   */
  public static SqlRequest of(
      String sql, Map<String, String> namedValues, Set<String> volatileFunctions)
      throws SqlRefused {
    List<SqlToken> statement = oneStatement(SqlTokenizer.tokens(sql));
    List<SqlToken> significant = statement.stream().filter(SqlToken::significant).toList();
    new SqlRules(significant, volatileFunctions).check();
    return bound(statement, namedValues);
  }

  /** The tokens from the first significant one to the last one before the semicolon. */
  private static List<SqlToken> oneStatement(List<SqlToken> tokens) throws SqlRefused {
    int first = -1;
    int last = -1;
    boolean ended = false;
    for (int i = 0; i < tokens.size(); i++) {
      SqlToken token = tokens.get(i);
      if (token.significant() && ended) {
        throw SqlRefused.rule(
            "There is more than one statement.", "Send each statement in a request of its own.");
      }
      if (token.is(";")) {
        ended = true;
      } else if (token.significant()) {
        first = first < 0 ? i : first;
        last = i;
      }
    }
    if (first < 0) {
      throw SqlRefused.rule(
          "The SQL is empty.", "Send one query, such as SELECT * FROM table LIMIT 10.");
    }
    return tokens.subList(first, last + 1);
  }

  private static SqlRequest bound(List<SqlToken> statement, Map<String, String> namedValues)
      throws SqlRefused {
    Map<String, Integer> numbers = new LinkedHashMap<>();
    List<String> values = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (SqlToken token : statement) {
      if (token.kind() != SqlToken.Kind.PARAMETER) {
        text.append(token.text());
        continue;
      }
      String name = token.name();
      if (!numbers.containsKey(name)) {
        values.add(value(name, namedValues));
        numbers.put(name, values.size());
      }
      // As ($1::text) the parameter would make a call of a name before it; CAST is reserved.
      text.append(" CAST($").append(numbers.get(name)).append(" AS text)");
    }
    refuseUnused(namedValues, numbers.keySet());
    return new SqlRequest(text.toString(), values);
  }

  private static String value(String name, Map<String, String> namedValues) throws SqlRefused {
    String value = namedValues.get(name);
    if (value == null) {
      String given = listed(namedValues.keySet(), "");
      throw SqlRefused.parameter(
          "The parameter :" + name + " has no value.",
          "Add &" + name + "=value to the URL; values are given for " + given + ".");
    }
    if (value.indexOf('\0') >= 0) {
      throw SqlRefused.parameter(
          "The value of :" + name + " has a NUL in it.", "PostgreSQL's texts cannot hold one.");
    }
    return value;
  }

  private static void refuseUnused(Map<String, String> namedValues, Set<String> used)
      throws SqlRefused {
    for (String name : new TreeSet<>(namedValues.keySet())) {
      if (!used.contains(name)) {
        throw SqlRefused.parameter(
            "The value " + name + " belongs to no parameter of the SQL.",
            Suggestion.nearest(name, used).map(near -> "Is :" + near + " meant? ").orElse("")
                + "The SQL has "
                + listed(used, ":")
                + ".");
      }
    }
  }

  private static String listed(Collection<String> names, String prefix) {
    return names.isEmpty()
        ? "none"
        : names.stream().sorted().map(prefix::concat).collect(Collectors.joining(", "));
  }
}
