package dev.escala.query;

import dev.escala.catalog.QueryText;
import dev.escala.catalog.SqlNames;
import dev.escala.query.QueryHead.Declared;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A query that the owner of the server wrote into a file: one reading statement, whose parameters
 * its head declares. It is trusted, so it may name what SQL of callers may not.
 *
 * @param name under which it is called
 * @param content of the file
 * @param start index in the content where the statement begins
 */
public record PublishedQuery(
    String name, String content, QueryHead head, QueryText text, int start) {

  /**
   * Reads a file.
   *
   * @throws SqlRefused if it is not one reading statement, or its parameters are not those of its
   *     head
   */
  public static PublishedQuery parse(String name, String content) throws SqlRefused {
    List<SqlToken> tokens = SqlTokenizer.tokens(content);
    List<SqlToken> statement = SqlRequest.oneStatement(tokens);
    new SqlRules(statement.stream().filter(SqlToken::significant).toList(), Map.of(), SqlNames.NONE)
        .checkShape();
    int first = 0;
    int start = 0;
    while (!tokens.get(first).significant()) {
      start += tokens.get(first++).text().length();
    }
    QueryHead head = QueryHead.of(tokens.subList(0, first));
    QueryText text = text(statement);
    checkParameters(head, text);
    return new PublishedQuery(name, content, head, text, start);
  }

  private static QueryText text(List<SqlToken> statement) {
    List<String> pieces = new ArrayList<>();
    List<String> parameters = new ArrayList<>();
    StringBuilder piece = new StringBuilder();
    for (SqlToken token : statement) {
      if (token.kind() == SqlToken.Kind.PARAMETER) {
        parameters.add(token.name());
        pieces.add(piece.toString());
        piece.setLength(0);
      } else {
        piece.append(token.text());
      }
    }
    pieces.add(piece.toString());
    return new QueryText(pieces, parameters);
  }

  private static void checkParameters(QueryHead head, QueryText text) throws SqlRefused {
    for (String used : text.parameters()) {
      if (head.parameter(used).isEmpty()) {
        throw SqlRefused.parameter(
            "The parameter :" + used + " has no type.",
            "Write -- :" + used + " type in front of the query.");
      }
    }
    Set<String> seen = new HashSet<>();
    for (Declared declared : head.parameters()) {
      String name = declared.parameter().name();
      if (!seen.add(name)) {
        throw SqlRefused.parameter(
            "Line %d declares :%s again.".formatted(declared.line(), name), "Declare it once.");
      }
      if (!text.parameters().contains(name)) {
        throw SqlRefused.parameter(
            "Line %d declares :%s, which the query does not use; it uses %s."
                .formatted(declared.line(), name, listed(text.parameters())),
            "Use it, or leave it out.");
      }
    }
  }

  private static String listed(List<String> names) {
    return names.isEmpty()
        ? "none"
        : names.stream().distinct().map(":"::concat).collect(Collectors.joining(", "));
  }

  /**
   * Where in the file a place of the text stands, as {@code line:column}.
   *
   * @param position in characters, from 1, in the text with its parameters written like that
   */
  public String place(int position, UnaryOperator<String> written) {
    String whole = text.with(written);
    int codePoints = Math.clamp(position - 1, 0, whole.codePointCount(0, whole.length()));
    int left = whole.offsetByCodePoints(0, codePoints);
    int place = start;
    for (int i = 0; i < text.pieces().size(); i++) {
      int length = text.pieces().get(i).length();
      if (left <= length || i == text.parameters().size()) {
        place += Math.min(left, length);
        break;
      }
      String parameter = text.parameters().get(i);
      int longer = 1 + written.apply(parameter).length();
      place += length;
      left -= length;
      if (left < longer) {
        break;
      }
      left -= longer;
      place += 1 + parameter.length();
    }
    String before = content.substring(0, place);
    int line = 1 + (int) before.chars().filter(letter -> letter == '\n').count();
    return line + ":" + (place - before.lastIndexOf('\n'));
  }
}
