package dev.escala.query;

import dev.escala.query.SqlPhrase.Span;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** Which runs of tokens are constants: the text and its parameters hold them whole. */
final class Constants {
  /** What is looked for in an array or in JSON, at each place. */
  static final int SHORT = 1_000;

  /** What is looked for in a text, at each place: a text has more of them. */
  static final int SHORT_TEXT = 100;

  private static final int NONE = -1;
  private static final Set<String> BEFORE_BRACKETS =
      Set.of(
          "array",
          "any",
          "all",
          "some",
          "lower",
          "upper",
          "concat",
          "to_tsquery",
          "plainto_tsquery",
          "phraseto_tsquery",
          "websearch_to_tsquery");
  private static final Set<String> WORDS = Set.of("null", "true", "false");
  private static final Set<String> COMPARISONS = Set.of("=", "<>", "!=", "<", "<=", ">", ">=");

  /** A type may go on with other words, and a text with COLLATE or AT TIME ZONE. */
  private static final Set<String> WORDS_BEHIND =
      Set.of(
          "and",
          "or",
          "then",
          "else",
          "end",
          "when",
          "as",
          "from",
          "where",
          "group",
          "order",
          "having",
          "limit",
          "offset",
          "fetch",
          "union",
          "intersect",
          "except",
          "escape",
          "is",
          "window",
          "asc",
          "desc",
          "nulls",
          "on",
          "join",
          "left",
          "right",
          "inner",
          "cross",
          "full",
          "natural");

  private static final Set<String> MARKS = Set.of("(", ")", "[", "]", ",", "::");
  private static final Set<String> OPERATORS = Set.of("||", "+", "-");

  private final SqlPhrase phrase;
  private final Map<String, String> values;

  /** The values of the parameters, by name. */
  Constants(SqlPhrase phrase, Map<String, String> values) {
    this.phrase = phrase;
    this.values = values;
  }

  /** Whether it is a constant of at most so many characters, and of no more tokens. */
  boolean isWithin(Span span, int characters) {
    return span.size() <= characters && isConstant(span) && length(span) <= characters;
  }

  /** How many characters its literals and values have. */
  int length(Span span) {
    int length = 0;
    for (int i = span.from(); i < span.to(); i++) {
      length +=
          switch (phrase.at(i).kind()) {
            case STRING, NUMBER -> phrase.at(i).text().length();
            case PARAMETER -> value(i).length();
            case BLANK, COMMENT, WORD, QUOTED, OPERATOR, PUNCTUATION -> 0;
          };
    }
    return length;
  }

  /** The whole number that is all of the span, cast or not, if it has at most nine digits. */
  OptionalInt number(Span span) {
    boolean isOne = span.to() - span.from() == 1 || phrase.at(span.from() + 1).is("::");
    String digits =
        switch (phrase.at(span.from()).kind()) {
          case NUMBER -> phrase.at(span.from()).text();
          case PARAMETER -> value(span.from()).strip();
          case BLANK, COMMENT, WORD, QUOTED, STRING, OPERATOR, PUNCTUATION -> "";
        };
    return isOne && digits.matches("[0-9]{1,9}")
        ? OptionalInt.of(Integer.parseInt(digits))
        : OptionalInt.empty();
  }

  /** The text of a parameter's value, or of a literal without escapes; else none. */
  String text(int index) {
    SqlToken token = phrase.at(index);
    return switch (token.kind()) {
      case PARAMETER -> value(index);
      case STRING ->
          token.text().startsWith("'") ? token.text().substring(1, token.text().length() - 1) : "";
      case BLANK, COMMENT, WORD, QUOTED, NUMBER, OPERATOR, PUNCTUATION -> "";
    };
  }

  /**
   * Whether the operand that starts here is a constant of at most so many characters: nothing that
   * follows it can belong to it, however tightly that binds.
   */
  boolean isOperand(int from, int characters) {
    int end = endOfPart(from);
    while (end != NONE && phrase.at(end).text().equals("||")) {
      end = endOfPart(end + 1);
    }
    return end != NONE && ends(phrase.at(end)) && isWithin(new Span(from, end), characters);
  }

  private static boolean ends(SqlToken next) {
    return switch (next.kind()) {
      case BLANK -> true; // behind the last token
      case PUNCTUATION -> next.is(")") || next.is("]") || next.is(",");
      case OPERATOR -> COMPARISONS.contains(next.text());
      case WORD -> WORDS_BEHIND.contains(next.name());
      case COMMENT, QUOTED, STRING, NUMBER, PARAMETER -> false;
    };
  }

  private int endOfPart(int from) {
    int end = endOfValue(from);
    while (end != NONE && phrase.at(end).is("::")) {
      end = endOfType(end + 1);
    }
    return end;
  }

  private int endOfValue(int from) {
    SqlToken first = phrase.at(from);
    boolean opensNext = phrase.at(from + 1).is("(") || phrase.at(from + 1).is("[");
    return switch (first.kind()) {
      case STRING, NUMBER, PARAMETER -> from + 1;
      case PUNCTUATION -> first.is("(") ? phrase.next(from) : NONE;
      case WORD -> {
        if (opensNext && BEFORE_BRACKETS.contains(first.name())) {
          yield phrase.next(from + 1);
        }
        yield isTypeOfNext(from) ? from + 2 : from + 1;
      }
      case BLANK, COMMENT, QUOTED, OPERATOR -> NONE;
    };
  }

  private int endOfType(int from) {
    int end = from + 1;
    while (phrase.at(end).is("(") || phrase.at(end).is("[")) {
      end = phrase.next(end);
    }
    return end;
  }

  private boolean isConstant(Span span) {
    for (int i = span.from(); i < span.to(); i++) {
      if (!isConstant(i)) {
        return false;
      }
    }
    return true;
  }

  private boolean isConstant(int index) {
    SqlToken token = phrase.at(index);
    return switch (token.kind()) {
      case STRING, NUMBER, PARAMETER -> true;
      case OPERATOR -> OPERATORS.contains(token.text());
      case PUNCTUATION -> MARKS.contains(token.text());
      case WORD ->
          WORDS.contains(token.name())
              || BEFORE_BRACKETS.contains(token.name())
              || phrase.at(index - 1).is("::")
              || isTypeOfNext(index);
      case BLANK, COMMENT, QUOTED -> false;
    };
  }

  /** But for an interval's, whose literal goes on with a unit. */
  private boolean isTypeOfNext(int index) {
    return phrase.at(index + 1).kind() == SqlToken.Kind.STRING
        && !phrase.at(index).isWord("interval");
  }

  private String value(int index) {
    return values.getOrDefault(phrase.at(index).name(), "");
  }
}
