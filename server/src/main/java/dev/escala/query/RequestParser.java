package dev.escala.query;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sorts the parameters into select, order, page and conditions, of the relation or an embed. */
public final class RequestParser {
  private @Nullable List<SelectItem> select;
  private @Nullable String after;
  private boolean distinct;
  private final List<Condition> having = new ArrayList<>();
  private final Part root = new Part();

  /** What is asked of one relation, but for its items; and of those embedded in it, by name. */
  private static final class Part {
    private final List<Condition> conditions = new ArrayList<>();
    private @Nullable List<OrderTerm> order;
    private @Nullable String limit;
    private @Nullable String offset;
    private final Map<String, Part> embedded = new LinkedHashMap<>();

    Part at(List<String> path) {
      Part part = this;
      for (String name : path) {
        part = part.embedded.computeIfAbsent(name, ignored -> new Part());
      }
      return part;
    }
  }

  private RequestParser() {}

  /** Parses the parameters of the query string. */
  public static ReadRequest parse(QueryString query) throws QueryRefused {
    RequestParser parser = new RequestParser();
    for (QueryString.Parameter parameter : query.parameters()) {
      parser.accept(parameter.key(), parameter.value());
    }
    List<SelectItem> items = parser.select;
    return request(
        items == null ? List.of(new SelectItem.AllColumns()) : items,
        parser.root,
        new ReadRequest.Beyond(parser.after, parser.distinct, parser.having));
  }

  private void accept(String key, String value) throws QueryRefused {
    switch (key) {
      case "select" -> select = select == null ? SelectParser.parse(value) : select;
      case "columns", "on_conflict" -> {
        // belong to writing; PostgREST ignores them in a read
      }
      default -> {
        if (!isBeyond(key, value)) {
          acceptAt(key, value);
        }
      }
    }
  }

  /** No filter of a column of that name looks like these: it has an operator and a point. */
  private boolean isBeyond(String key, String value) throws QueryRefused {
    if (key.equals("after") && value.indexOf('.') < 0) {
      after = after == null ? value : after;
    } else if (key.equals("distinct") && value.equals("true")) {
      distinct = true;
    } else if (key.equals("having") && value.startsWith("(")) {
      having.add(ConditionParser.group(false, false, value));
    } else {
      return false;
    }
    return true;
  }

  private void acceptAt(String key, String value) throws QueryRefused {
    int dot = key.lastIndexOf('.');
    String last = key.substring(dot + 1);
    String before = dot < 0 ? "" : key.substring(0, dot);
    switch (last) {
      case "order" -> {
        Part part = at(before);
        part.order = part.order == null ? OrderParser.parse(value) : part.order;
      }
      case "limit" -> at(before).limit = value;
      case "offset" -> at(before).offset = value;
      case "and", "or" -> logic(before, last.equals("or"), value);
      default -> filter(key, value);
    }
  }

  private void logic(String before, boolean any, String value) throws QueryRefused {
    boolean negated = before.equals("not") || before.endsWith(".not");
    String path = negated ? before.substring(0, Math.max(0, before.length() - 4)) : before;
    at(path).conditions.add(ConditionParser.group(negated, any, value));
  }

  private void filter(String key, String value) throws QueryRefused {
    Scanner scanner = new Scanner("tree path", key);
    List<String> path = new ArrayList<>();
    Field field = FieldParser.field(scanner);
    while (field.path().isEmpty() && scanner.take(".")) {
      path.add(field.column());
      field = FieldParser.field(scanner);
    }
    scanner.requireEnd();
    root.at(path).conditions.add(ConditionParser.filter(field, value));
  }

  private Part at(String path) throws QueryRefused {
    if (path.isEmpty()) {
      return root;
    }
    Scanner scanner = new Scanner("tree path", path);
    List<String> names = new ArrayList<>();
    do {
      names.add(scanner.name());
    } while (scanner.take("."));
    scanner.requireEnd();
    return root.at(names);
  }

  /** Gives each embed its part. */
  private static ReadRequest request(List<SelectItem> items, Part part, ReadRequest.Beyond beyond)
      throws QueryRefused {
    Map<String, Part> left = new LinkedHashMap<>(part.embedded);
    List<SelectItem> whole = new ArrayList<>(items.size());
    for (SelectItem item : items) {
      whole.add(item instanceof SelectItem.Embed embed ? embed(embed, left) : item);
    }
    Optional<String> unknown = left.keySet().stream().findFirst();
    if (unknown.isPresent()) {
      throw QueryRefused.notEmbedded(unknown.get());
    }
    return new ReadRequest(
        whole,
        part.conditions,
        part.order == null ? List.of() : part.order,
        Page.of(part.limit, part.offset),
        beyond);
  }

  /** By its alias; by the name of the relation too, as clients of old do. */
  private static SelectItem embed(SelectItem.Embed embed, Map<String, Part> left)
      throws QueryRefused {
    Part byName = left.remove(embed.name());
    Part part = byName == null ? left.remove(embed.relation()) : byName;
    return embed.with(
        request(
            embed.request().select(), part == null ? new Part() : part, ReadRequest.Beyond.NONE),
        part != null && byName == null);
  }
}
