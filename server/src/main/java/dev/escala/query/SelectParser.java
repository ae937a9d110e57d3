package dev.escala.query;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code select=a,b:c->>d::text,rel(*)}. */
final class SelectParser {
  private static final int MAX_DEPTH = 32;
  private static final Set<String> FUNCTIONS = Set.of("sum", "avg", "count", "max", "min");

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
    String name = scanner.name();
    if (scanner.peek() == ':' && !scanner.looksAt("::")) {
      scanner.require(":");
      scanner.skipBlanks();
      return named(name, scanner.name());
    }
    return named(null, name);
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
    String function = scanner.name();
    if (!FUNCTIONS.contains(function)) {
      throw scanner.unexpected("sum, avg, count, max or min");
    }
    scanner.require("()");
    return new SelectItem.Aggregate(alias, field, cast, function, cast());
  }

  private @Nullable String cast() throws QueryRefused {
    return scanner.take("::") ? scanner.piece() : null;
  }

  private SelectItem embed(boolean spread, @Nullable String alias, String relation)
      throws QueryRefused {
    List<String> modifiers = new ArrayList<>();
    while (modifiers.size() < 2 && scanner.take("!")) {
      modifiers.add(scanner.name());
    }
    if (++depth > MAX_DEPTH) {
      throw scanner.unexpected("at most " + MAX_DEPTH + " levels of nesting");
    }
    scanner.require("(");
    List<SelectItem> items = items();
    scanner.require(")");
    depth--;
    return new SelectItem.Embed(spread, alias, relation, modifiers, items);
  }
}
