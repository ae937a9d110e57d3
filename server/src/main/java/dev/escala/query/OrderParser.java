package dev.escala.query;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code order=a.desc.nullslast,b->>c,rel(d)}. */
final class OrderParser {
  private static final String END = "\",\" or end of input";
  private static final String AFTER_PATH = "\"->>\", \"->\", delimiter (.), " + END;
  private static final String AFTER_NAME = "letter, digit, \"-\", " + AFTER_PATH;
  private static final String NULLS = "\"nullsfirst\" or \"nullslast\"";

  private final Scanner scanner;

  private OrderParser(Scanner scanner) {
    this.scanner = scanner;
  }

  static List<OrderTerm> parse(String text) throws QueryRefused {
    Scanner scanner = new Scanner("order", text);
    OrderParser parser = new OrderParser(scanner);
    List<OrderTerm> terms = new ArrayList<>();
    do {
      terms.add(parser.term());
    } while (scanner.take(","));
    return terms;
  }

  private OrderTerm term() throws QueryRefused {
    scanner.skipBlanks();
    boolean quoted = scanner.peek() == '"';
    Field field = FieldParser.field(scanner);
    String relation = null;
    if (field.path().isEmpty() && scanner.peek() == '(') {
      relation = field.column();
      field = inner();
    }
    scanner.skipBlanks();
    boolean plain = relation == null && field.path().isEmpty() && !quoted;
    return directed(relation, field, plain ? AFTER_NAME : AFTER_PATH);
  }

  private Field inner() throws QueryRefused {
    int bracket = scanner.position();
    scanner.require("(");
    scanner.skipBlanks();
    Field field = FieldParser.field(scanner);
    scanner.skipBlanks();
    if (!scanner.take(")")) {
      scanner.back(bracket);
      throw scanner.unexpected(AFTER_NAME);
    }
    return field;
  }

  private OrderTerm directed(@Nullable String relation, Field field, String expected)
      throws QueryRefused {
    boolean descending = scanner.take(".desc");
    boolean directed = descending || scanner.take(".asc");
    OrderTerm.Nulls nulls =
        scanner.take(".nullsfirst")
            ? OrderTerm.Nulls.FIRST
            : scanner.take(".nullslast") ? OrderTerm.Nulls.LAST : OrderTerm.Nulls.DEFAULT;
    scanner.skipBlanks();
    if (!scanner.atEnd() && scanner.peek() != ',') {
      throw nulls == OrderTerm.Nulls.DEFAULT
          ? noDirection(directed, directed ? "delimiter (.), " + END : expected)
          : scanner.unexpected(END);
    }
    return new OrderTerm(relation, field, descending, nulls);
  }

  private QueryRefused noDirection(boolean directed, String expected) {
    if (!scanner.take(".")) {
      return scanner.unexpected(expected);
    }
    return directed
        ? scanner.unexpectedIn("nullsfirst", NULLS)
        : scanner.unexpectedIn("asc", "\"asc\", \"desc\", " + NULLS);
  }
}
