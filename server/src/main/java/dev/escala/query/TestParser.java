package dev.escala.query;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What follows the field: {@code not.eq.1}, {@code in.(a,b)}, {@code is.null}, {@code fts(en).x}.
 */
final class TestParser {
  private static final String EXPECTED = "operator (eq, gt, ...)";

  private final Scanner scanner;
  private final boolean nested;

  /** Inside of a logic tree a value ends at {@code ,} or {@code )} and may be quoted. */
  TestParser(Scanner scanner, boolean nested) {
    this.scanner = scanner;
    this.nested = nested;
  }

  boolean negation() {
    return scanner.take("not.");
  }

  /** A test that must fill the text. */
  Condition.Test whole() throws QueryRefused {
    Condition.Test test = test();
    scanner.requireEnd();
    return test;
  }

  Condition.Test test() throws QueryRefused {
    int start = scanner.position();
    String word = scanner.until(".(,)");
    switch (word) {
      case "in" -> {
        scanner.require(".");
        return in();
      }
      case "is" -> {
        scanner.require(".");
        return is();
      }
      case "isdistinct" -> {
        scanner.require(".");
        return new Condition.IsDistinct(value());
      }
      default -> {
        // an operator with a value, below
      }
    }
    for (Condition.Parser parser : Condition.Parser.values()) {
      if (word.equals(parser.name().toLowerCase(Locale.ROOT))) {
        return fullText(parser);
      }
    }
    for (Operator operator : Operator.values()) {
      if (word.equals(operator.word())) {
        return compare(operator);
      }
    }
    scanner.back(start);
    throw scanner.unexpected(EXPECTED);
  }

  private Condition.Test fullText(Condition.Parser parser) throws QueryRefused {
    String language = null;
    if (scanner.take("(")) {
      language = scanner.piece();
      scanner.require(")");
    }
    scanner.require(".");
    return new Condition.FullText(parser, language, value());
  }

  private Condition.Test compare(Operator operator) throws QueryRefused {
    if (operator.quantifiable() && scanner.take("(any).")) {
      return new Condition.CompareEach(operator, false, value());
    }
    if (operator.quantifiable() && scanner.take("(all).")) {
      return new Condition.CompareEach(operator, true, value());
    }
    scanner.require(".");
    return new Condition.Compare(operator, value());
  }

  private Condition.Test is() throws QueryRefused {
    int start = scanner.position();
    String word = scanner.until(",)").toUpperCase(Locale.ROOT);
    for (Condition.Constant constant : Condition.Constant.values()) {
      if (word.equals(constant.name())) {
        return new Condition.Is(constant);
      }
    }
    scanner.back(start);
    throw scanner.unexpected("null, not_null, true, false or unknown");
  }

  private Condition.Test in() throws QueryRefused {
    List<String> values = new ArrayList<>();
    scanner.require("(");
    if (!scanner.take(")")) {
      do {
        values.add(scanner.peek() == '"' ? scanner.quoted() : scanner.until(",)"));
      } while (scanner.take(","));
      scanner.require(")");
    }
    return new Condition.In(values);
  }

  private String value() throws QueryRefused {
    if (!nested) {
      return scanner.rest();
    }
    if (scanner.peek() == '"') {
      return scanner.quoted();
    }
    if (scanner.peek() == '{') {
      int start = scanner.position();
      String array = scanner.until("}");
      if (scanner.take("}") && array.indexOf('{', 1) < 0) {
        return array + "}";
      }
      scanner.back(start);
    }
    return scanner.until(",)");
  }
}
