package dev.escala.query;

import dev.escala.catalog.SqlNames;
import dev.escala.model.Suggestion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/**
 * One reading statement and the values of its parameters.
 *
 * <p>Its text ends with its last token, without semicolon or comment, and its brackets pair, so it
 * can stand in the brackets of another query. It is safe only in a READ ONLY transaction of a login
 * that may only read, with {@code standard_conforming_strings} on.
 *
 * @param pieces the text around the parameters: one more than there are places of parameters
 * @param places for each place the index of its value
 */
public record SqlRequest(List<String> pieces, List<Integer> places, List<String> values) {

  /** Parameters of the endpoint itself, which the SQL cannot have. */
  private static final Set<String> RESERVED = Set.of("q", "format", "explain");

  public SqlRequest {
    pieces = List.copyOf(pieces);
    places = List.copyOf(places);
    values = List.copyOf(values);
  }

  /**
   * Checks a text against the rules and finds its parameters.
   *
   * @param namedValues the values by name, each used at least once
   * @param names what the database has besides what PostgreSQL itself has
   * @throws SqlRefused if the text breaks a rule, or names and values do not fit each other
   */
  public static SqlRequest of(String sql, Map<String, String> namedValues, SqlNames names)
      throws SqlRefused {
    List<SqlToken> statement = oneStatement(SqlTokenizer.tokens(sql));
    List<SqlToken> significant = statement.stream().filter(SqlToken::significant).toList();
    new SqlRules(significant, namedValues, names).check();
    return bound(statement, namedValues);
  }

  /** The statement with {@code $1}, {@code $2} …, whose types PostgreSQL finds out. */
  public String untyped() {
    return text(number -> "$" + number);
  }

  /**
   * The statement with parameters that are bound as text and cast by PostgreSQL itself.
   *
   * @param types as SQL, one for each value
   */
  public String typed(List<String> types) {
    return text(number -> "CAST(CAST($%d AS text) AS %s)".formatted(number, types.get(number - 1)));
  }

  /**
   * A blank stands before each parameter. In brackets, as in {@code ($1)}, it would make a call of
   * a name before it, behind the rules; CAST is reserved.
   */
  private String text(IntFunction<String> parameter) {
    StringBuilder text = new StringBuilder(pieces.getFirst());
    for (int i = 0; i < places.size(); i++) {
      text.append(' ').append(parameter.apply(places.get(i) + 1)).append(pieces.get(i + 1));
    }
    return text.toString();
  }

  /** The tokens from the first significant one to the last one before the semicolon. */
  static List<SqlToken> oneStatement(List<SqlToken> tokens) throws SqlRefused {
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
    Map<String, Integer> indexes = new LinkedHashMap<>();
    List<String> values = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    List<String> pieces = new ArrayList<>();
    StringBuilder piece = new StringBuilder();
    for (SqlToken token : statement) {
      if (token.kind() != SqlToken.Kind.PARAMETER) {
        piece.append(token.text());
        continue;
      }
      String name = token.name();
      if (!indexes.containsKey(name)) {
        indexes.put(name, values.size());
        values.add(value(name, namedValues));
      }
      places.add(indexes.get(name));
      pieces.add(piece.toString());
      piece.setLength(0);
    }
    pieces.add(piece.toString());
    refuseUnused(namedValues, indexes.keySet());
    return new SqlRequest(pieces, places, values);
  }

  private static String value(String name, Map<String, String> namedValues) throws SqlRefused {
    if (RESERVED.contains(name)) {
      throw SqlRefused.parameter(
          "The SQL has a parameter :" + name + ", which is a parameter of the URL itself.",
          "Give it another name.");
    }
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
