package dev.escala.query;

import java.util.ArrayList;
import java.util.List;

/** {@code order=a.desc.nullslast,b->>c,rel(d)}. */
final class OrderParser {

  private OrderParser() {}

  static List<OrderTerm> parse(String text) throws QueryRefused {
    Scanner scanner = new Scanner("order", text);
    List<OrderTerm> terms = new ArrayList<>();
    do {
      terms.add(term(scanner));
    } while (scanner.take(","));
    scanner.requireEnd();
    return terms;
  }

  private static OrderTerm term(Scanner scanner) throws QueryRefused {
    Field field = FieldParser.field(scanner);
    String relation = null;
    if (field.path().isEmpty() && scanner.take("(")) {
      relation = field.column();
      field = FieldParser.field(scanner);
      scanner.require(")");
    }
    boolean descending = scanner.take(".desc");
    if (!descending) {
      scanner.take(".asc");
    }
    OrderTerm.Nulls nulls =
        scanner.take(".nullsfirst")
            ? OrderTerm.Nulls.FIRST
            : scanner.take(".nullslast") ? OrderTerm.Nulls.LAST : OrderTerm.Nulls.DEFAULT;
    return new OrderTerm(relation, field, descending, nulls);
  }
}
