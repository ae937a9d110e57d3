package dev.escala.query;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code select=a,b:c->>d::text,rel(*)}. */
final class SelectParser {
  private static final int MAX_DEPTH = 32;
  private static final List<String> FUNCTIONS = List.of("sum", "avg", "count", "max", "min");
  private static final String ITEM = "\"...\", " + Scanner.FIELD_NAME + ", \"*\" or \"count()\"";
  private static final String END = "\")\", \",\" or end of input";

  private final Scanner scanner;
  private int depth;

  private SelectParser(Scanner scanner) {
    this.scanner = scanner;
  }

  static List<SelectItem> parse(String text) throws QueryRefused {
    Scanner scanner = new Scanner("select parameter", text);
    List<SelectItem> items = new SelectParser(scanner).items();
    scanner.requireEnd();
    return items;
  }

  private List<SelectItem> items() throws QueryRefused {
    List<SelectItem> items = new ArrayList<>();
    scanner.skipBlanks();
    if (scanner.atEnd() || scanner.peek() == ')') {
      return items;
    }
    do {
      scanner.skipBlanks();
      items.add(item());
      scanner.skipBlanks();
      if (!scanner.atEnd() && ",)".indexOf(scanner.peek()) < 0) {
        throw scanner.unexpected(after(items.getLast()));
      }
    } while (scanner.take(","));
    return items;
  }

  private SelectItem item() throws QueryRefused {
    if (scanner.take("*")) {
      return new SelectItem.AllColumns();
    }
    if (scanner.take("...")) {
      return embed(true, null, scanner.name());
    }
    String name = scanner.name(ITEM);
    scanner.skipBlanks();
    if (scanner.peek() == ':' && !scanner.looksAt("::")) {
      scanner.require(":");
      scanner.skipBlanks();
      return named(name, scanner.name());
    }
    return named(null, name);
  }

  /** What may follow, in the words of PostgREST. */
  private static String after(SelectItem item) {
    return switch (item) {
      case SelectItem.Value value when value.cast() != null ->
          "letter, digit, \".\", \"::\", " + END;
      case SelectItem.Value value when value.field().path().isEmpty() ->
          "letter, digit, \"-\", \"->>\", \"->\", \"::\", \".\", " + END;
      case SelectItem.Value ignored -> "\"->>\", \"->\", \"::\", \".\", " + END;
      case SelectItem.AllColumns ignored -> END;
      case SelectItem.Aggregate ignored -> "\"::\", " + END;
      case SelectItem.Embed ignored -> "\",\" or end of input";
    };
  }

  private SelectItem named(@Nullable String alias, String name) throws QueryRefused {
    if (name.equals("count") && scanner.take("()")) {
      return new SelectItem.Aggregate(alias, null, null, "count", cast());
    }
    if (scanner.peek() == '(' || scanner.peek() == '!') {
      return embed(false, alias, name);
    }
    Field field = new Field(name, FieldParser.path(scanner));
    String cast = cast();
    if (!scanner.take(".")) {
      return new SelectItem.Value(alias, field, cast);
    }
    String function = function();
    scanner.require("()");
    return new SelectItem.Aggregate(alias, field, cast, function, cast());
  }

  private String function() throws QueryRefused {
    for (String function : FUNCTIONS) {
      if (scanner.take(function)) {
        return function;
      }
    }
    throw scanner.unexpectedIn("sum", "\"sum\", \"avg\", \"count\", \"max\" or \"min\"");
  }

  private @Nullable String cast() throws QueryRefused {
    return scanner.take("::") ? scanner.names("letter or digit") : null;
  }

  private SelectItem embed(boolean spread, @Nullable String alias, String relation)
      throws QueryRefused {
    String hint = null;
    boolean inner = false;
    for (int i = 0; i < 2 && scanner.take("!"); i++) {
      String modifier = scanner.name();
      switch (modifier) {
        case "inner" -> inner = true;
        case "left" -> {
          // as without it
        }
        default -> hint = modifier;
      }
    }
    if (++depth > MAX_DEPTH) {
      throw scanner.unexpected("at most " + MAX_DEPTH + " levels of nesting");
    }
    scanner.require("(");
    List<SelectItem> items = items();
    scanner.require(")");
    depth--;
    return new SelectItem.Embed(
        spread, alias, relation, hint, inner, ReadRequest.all(items), false);
  }
}
