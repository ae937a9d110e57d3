package dev.escala.query;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What follows the field: {@code not.eq.1}, {@code in.(a,b)}, {@code is.null}, {@code fts(en).x}.
 */
final class TestParser {
  private static final String EXPECTED = "operator (eq, gt, ...)";
  private static final String CONSTANTS = "isVal: (null, not_null, true, false, unknown)";
  private static final String ENDS = ",)";

  private final Scanner scanner;
  private final boolean nested;
  private boolean negated;

  /** Inside of a logic tree a value ends at {@code ,} or {@code )} and may be quoted. */
  TestParser(Scanner scanner, boolean nested) {
    this.scanner = scanner;
    this.nested = nested;
  }

  boolean negation() {
    negated = scanner.take("not.");
    return negated;
  }

  /** A test that must fill the text. */
  Condition.Test whole() throws QueryRefused {
    Condition.Test test = test();
    scanner.skipBlanks();
    scanner.requireEnd();
    return test;
  }

  Condition.Test test() throws QueryRefused {
    int start = scanner.position();
    String word = scanner.until(".(,)");
    if (scanner.peek() == '.' && word.equals("in")) {
      scanner.require(".");
      return in();
    }
    if (scanner.peek() == '.' && word.equals("is")) {
      scanner.require(".");
      return is();
    }
    if (scanner.peek() == '.' && word.equals("isdistinct")) {
      scanner.require(".");
      return new Condition.IsDistinct(value());
    }
    for (Condition.Parser parser : Condition.Parser.values()) {
      if (word.equals(word(parser))) {
        return fullText(parser);
      }
    }
    for (Operator operator : Operator.values()) {
      if (word.equals(operator.word())) {
        return compare(operator);
      }
    }
    scanner.back(start);
    throw noOperator();
  }

  private static String word(Condition.Parser parser) {
    return parser.name().toLowerCase(Locale.ROOT);
  }

  /** At the end of the longest operator that the text begins with, as PostgREST tells it. */
  private QueryRefused noOperator() {
    if (!negated && scanner.take("not")) {
      return scanner.unexpected("delimiter (.)");
    }
    String longest =
        Stream.of(
                Stream.of("in", "is", "isdistinct"),
                Stream.of(Condition.Parser.values()).map(TestParser::word),
                Stream.of(Operator.values()).map(Operator::word))
            .flatMap(words -> words)
            .filter(scanner::looksAt)
            .max(Comparator.comparingInt(String::length))
            .orElse("");
    if (scanner.take(longest) && !longest.isEmpty()) {
      return scanner.unexpected(EXPECTED);
    }
    return negated
        ? scanner.unexpectedIn("in", EXPECTED)
        : scanner.unexpectedIn("not", "\"not\" or " + EXPECTED);
  }

  private Condition.Test fullText(Condition.Parser parser) throws QueryRefused {
    String language = null;
    if (scanner.take("(")) {
      language = scanner.names(EXPECTED);
      scanner.require(")", EXPECTED);
    }
    scanner.require(".", EXPECTED);
    return new Condition.FullText(parser, language, value());
  }

  private Condition.Test compare(Operator operator) throws QueryRefused {
    if (!operator.quantifiable() || !scanner.take("(")) {
      scanner.require(".", EXPECTED);
      return new Condition.Compare(operator, value());
    }
    boolean all = scanner.take("all");
    if (!all) {
      scanner.require("any", EXPECTED);
    }
    scanner.require(")", EXPECTED);
    scanner.require(".", EXPECTED);
    return new Condition.CompareEach(operator, all, value());
  }

  /** In any case of letters. */
  private Condition.Test is() throws QueryRefused {
    int start = scanner.position();
    String word = scanner.until(ENDS).strip();
    for (Condition.Constant constant : Condition.Constant.values()) {
      if (word.equalsIgnoreCase(constant.name())) {
        return new Condition.Is(constant);
      }
    }
    scanner.back(start);
    throw noConstant(word.toLowerCase(Locale.ROOT));
  }

  /** Where the text is no longer the begin of a constant. */
  private QueryRefused noConstant(String word) {
    int same = 0;
    for (Condition.Constant constant : Condition.Constant.values()) {
      String name = constant.name().toLowerCase(Locale.ROOT);
      while (same < word.length() && name.startsWith(word.substring(0, same + 1))) {
        same++;
      }
    }
    scanner.back(scanner.position() + same);
    return scanner.unexpected(CONSTANTS);
  }

  /** A list without elements, or of one that is blank, has no values. */
  private Condition.Test in() throws QueryRefused {
    List<String> values = new ArrayList<>();
    scanner.skipBlanks();
    scanner.require("(");
    scanner.skipBlanks();
    if (!scanner.take(")")) {
      do {
        values.add(scanner.perhapsQuoted(ENDS));
      } while (scanner.take(","));
      if (!scanner.take(")")) {
        throw scanner.unexpected("\",\" or \")\"");
      }
    }
    return new Condition.In(values);
  }

  private String value() throws QueryRefused {
    if (!nested) {
      return scanner.rest();
    }
    int start = scanner.position();
    if (scanner.take("{")) {
      // No further than the next brace: many that are not closed would each look to the end.
      String array = scanner.until("{}");
      if (scanner.take("}")) {
        return "{" + array + "}";
      }
      scanner.back(start);
    }
    return scanner.perhapsQuoted(ENDS);
  }
}
