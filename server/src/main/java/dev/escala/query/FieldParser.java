package dev.escala.query;

import java.util.ArrayList;
import java.util.List;

/** {@code name ->key ->>0}. */
final class FieldParser {
  private static final String KEY_ENDS = "(:.,>)-";

  private FieldParser() {}

  static Field field(Scanner scanner) throws QueryRefused {
    String column = scanner.name();
    return new Field(column, path(scanner));
  }

  static List<Field.Step> path(Scanner scanner) throws QueryRefused {
    List<Field.Step> path = new ArrayList<>();
    while (scanner.looksAt("->")) {
      boolean asText = scanner.take("->>");
      if (!asText) {
        scanner.require("->");
      }
      path.add(step(scanner, asText));
    }
    return path;
  }

  private static Field.Step step(Scanner scanner, boolean asText) throws QueryRefused {
    if (scanner.peek() == '"') {
      return new Field.Step(asText, false, scanner.quoted());
    }
    int start = scanner.position();
    String sign = scanner.take("-") ? "-" : "";
    String digits = digits(scanner);
    if (!digits.isEmpty() && digits.length() < 10 && endsIndex(scanner)) {
      return new Field.Step(asText, true, sign + digits);
    }
    scanner.back(start);
    return new Field.Step(asText, false, key(scanner));
  }

  private static String digits(Scanner scanner) {
    StringBuilder digits = new StringBuilder();
    while (scanner.peek() >= '0' && scanner.peek() <= '9') {
      digits.append(scanner.next());
    }
    return digits.toString();
  }

  private static boolean endsIndex(Scanner scanner) {
    return scanner.atEnd()
        || scanner.looksAt("->")
        || scanner.looksAt("::")
        || ".,)".indexOf(scanner.peek()) >= 0;
  }

  private static String key(Scanner scanner) throws QueryRefused {
    StringBuilder key = new StringBuilder(scanner.until(KEY_ENDS));
    while (scanner.peek() == '-' && !scanner.looksAt("->")) {
      key.append(scanner.next()).append(scanner.until(KEY_ENDS));
    }
    if (key.isEmpty()) {
      throw scanner.unexpected("key or index of a JSON value");
    }
    return key.toString();
  }
}
