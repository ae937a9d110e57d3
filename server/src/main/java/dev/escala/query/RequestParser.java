package dev.escala.query;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sorts the parameters into select, order, page and conditions. */
final class RequestParser {
  private List<SelectItem> select = List.of(new SelectItem.AllColumns());
  private final List<Condition> conditions = new ArrayList<>();
  private List<OrderTerm> order = List.of();
  private @Nullable String limit;
  private @Nullable String offset;

  ReadRequest parse(QueryString query) throws QueryRefused {
    for (QueryString.Parameter parameter : query.parameters()) {
      accept(parameter.key(), parameter.value());
    }
    return new ReadRequest(select, conditions, order, Page.of(limit, offset));
  }

  private void accept(String key, String value) throws QueryRefused {
    switch (key) {
      case "select" -> select = SelectParser.parse(value);
      case "order" -> order = OrderParser.parse(value);
      case "limit" -> limit = value;
      case "offset" -> offset = value;
      case "and", "or" -> conditions.add(ConditionParser.group(false, key.equals("or"), value));
      case "not.and", "not.or" ->
          conditions.add(ConditionParser.group(true, key.equals("not.or"), value));
      case "columns", "on_conflict" -> {
        // belong to writing; PostgREST ignores them in a read
      }
      default -> conditions.add(filter(key, value));
    }
  }

  private static Condition filter(String key, String value) throws QueryRefused {
    Scanner scanner = new Scanner("tree path", key);
    Field field = FieldParser.field(scanner);
    if (field.path().isEmpty() && scanner.peek() == '.') {
      throw QueryRefused.notEmbedded(field.column());
    }
    scanner.requireEnd();
    return ConditionParser.filter(field, value);
  }
}
