package dev.escala.query;

import java.util.ArrayList;
import java.util.List;

/** {@code name ->key ->>0}. */
final class FieldParser {
  private static final String KEY_ENDS = "(:.,>)-";
  private static final String AFTER_INDEX = "digit, \"->\", \"::\", \".\", \",\" or end of input";

  private FieldParser() {}

  static Field field(Scanner scanner) throws QueryRefused {
    return field(scanner, Scanner.FIELD_NAME);
  }

  /** A field, or what else might stand there, for the message of an error. */
  static Field field(Scanner scanner, String expected) throws QueryRefused {
    String column = scanner.name(expected);
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
    boolean negative = scanner.take("-");
    String digits = digits(scanner);
    if (negative && digits.isEmpty()) {
      throw scanner.unexpected("digit");
    }
    if (!digits.isEmpty() && endsIndex(scanner)) {
      boolean isIndex = digits.length() < 10;
      return new Field.Step(asText, isIndex, (negative ? "-" : "") + digits);
    }
    if (negative) {
      throw scanner.unexpected(AFTER_INDEX);
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

  /** Parts joined by hyphens; blanks around each do not count. */
  private static String key(Scanner scanner) throws QueryRefused {
    StringBuilder key = new StringBuilder(part(scanner));
    while (scanner.takeHyphenInside()) {
      key.append('-').append(part(scanner));
    }
    return key.toString();
  }

  private static String part(Scanner scanner) throws QueryRefused {
    String part = scanner.until(KEY_ENDS);
    if (part.isEmpty()) {
      throw scanner.unexpected("any non reserved character different from: .,>()");
    }
    return part.strip();
  }
}
