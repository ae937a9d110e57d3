package dev.escala.query;

import java.util.ArrayList;
import java.util.List;

/** Filters, and the logic trees {@code and=(…)} and {@code or=(…)}. */
final class ConditionParser {
  private static final int MAX_DEPTH = 64;

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
    Scanner scanner = new Scanner("logic tree", text);
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
    scanner.require("(");
    do {
      scanner.skipBlanks();
      members.add(member());
      scanner.skipBlanks();
    } while (scanner.take(","));
    scanner.require(")");
    depth--;
    return members;
  }

  private Condition member() throws QueryRefused {
    int start = scanner.position();
    boolean negated = scanner.take("not.");
    if (scanner.looksAt("and(")) {
      scanner.require("and");
      return new Condition.Group(negated, false, members());
    }
    if (scanner.looksAt("or(")) {
      scanner.require("or");
      return new Condition.Group(negated, true, members());
    }
    scanner.back(start);
    Field field = FieldParser.field(scanner);
    scanner.require(".");
    TestParser parser = new TestParser(scanner, true);
    boolean not = parser.negation();
    return new Condition.Filter(field, not, parser.test());
  }
}
