package dev.escala.query;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Filters, and the logic trees {@code and=(…)} and {@code or=(…)}. */
final class ConditionParser {
  private static final int MAX_DEPTH = 64;
  private static final String MEMBER =
      Scanner.FIELD_NAME + ", negation operator (not) or logic operator (and, or)";

  private final Scanner scanner;
  private int depth;

  private ConditionParser(Scanner scanner) {
    this.scanner = scanner;
  }

  /** The filter {@code field=text}. */
  static Condition filter(Field field, String text) throws QueryRefused {
    TestParser parser = new TestParser(new Scanner("filter", text), false);
    boolean negated = parser.negation();
    return new Condition.Filter(field, negated, parser.whole());
  }

  /** The parameter {@code and=text} or {@code or=text}. */
  static Condition group(boolean negated, boolean any, String text) throws QueryRefused {
    int operator = (negated ? "not." : "").length() + (any ? "or" : "and").length();
    Scanner scanner = new Scanner("logic tree", text, operator);
    ConditionParser parser = new ConditionParser(scanner);
    Condition group = new Condition.Group(negated, any, parser.members());
    scanner.requireEnd();
    return group;
  }

  private List<Condition> members() throws QueryRefused {
    if (++depth > MAX_DEPTH) {
      throw scanner.unexpected("at most " + MAX_DEPTH + " levels of nesting");
    }
    List<Condition> members = new ArrayList<>();
    scanner.skipBlanks();
    scanner.require("(");
    do {
      scanner.skipBlanks();
      members.add(member());
      scanner.skipBlanks();
    } while (scanner.take(","));
    if (!scanner.take(")")) {
      throw scanner.unexpected("\",\" or \")\"");
    }
    scanner.skipBlanks();
    depth--;
    return members;
  }

  private Condition member() throws QueryRefused {
    int start = scanner.position();
    boolean negated = scanner.take("not.");
    if (takeOperator("and")) {
      return new Condition.Group(negated, false, members());
    }
    if (takeOperator("or")) {
      return new Condition.Group(negated, true, members());
    }
    scanner.back(start);
    try {
      return filter();
    } catch (QueryRefused noFilter) {
      throw perhapsGroup(start).orElse(noFilter);
    }
  }

  /** A column may have the same name, but no bracket behind it. */
  private boolean takeOperator(String word) {
    int start = scanner.position();
    if (scanner.take(word)) {
      scanner.skipBlanks();
      if (scanner.peek() == '(') {
        return true;
      }
    }
    scanner.back(start);
    return false;
  }

  private Condition filter() throws QueryRefused {
    Field field = FieldParser.field(scanner, MEMBER);
    scanner.skipBlanks();
    scanner.require(".", "delimiter (.)");
    TestParser parser = new TestParser(scanner, true);
    boolean not = parser.negation();
    return new Condition.Filter(field, not, parser.test());
  }

  /** The error of a logic operator, where one was meant. */
  private Optional<QueryRefused> perhapsGroup(int start) {
    boolean bracket = scanner.peek() == '(';
    scanner.back(start);
    if (scanner.take("not.")) {
      return Optional.of(scanner.unexpectedIn("and", "logic operator (and, or)"));
    }
    return bracket && (scanner.take("and") || scanner.take("or"))
        ? Optional.of(scanner.unexpected("\"(\""))
        : Optional.empty();
  }
}
