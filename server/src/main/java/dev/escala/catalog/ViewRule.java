package dev.escala.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the rule of a view as PostgreSQL keeps it ({@code pg_rewrite.ev_action}, a {@code
 * pg_node_tree}): which column of which relation each of its columns shows.
 */
public final class ViewRule {
  private static final String NONE = "<>";

  private final String tree;
  private int position;
  private int braces;
  private String key = "";
  private final Map<String, String> query = new HashMap<>();
  private final Map<String, String> target = new HashMap<>();
  private final List<Entry> entries = new ArrayList<>();

  /**
   * One column of a view that is a column of a relation.
   *
   * @param column its number in the view, from 1
   * @param relation the number (oid) of the relation
   * @param of the number of the relation's column
   */
  public record Entry(int column, long relation, int of) {}

  private ViewRule(String tree) {
    this.tree = tree;
  }

  /** What the top select list shows; nothing of a union, and no columns that are computed. */
  public static List<Entry> entries(String tree) {
    ViewRule rule = new ViewRule(tree);
    while (rule.position < tree.length()) {
      rule.token(rule.next());
    }
    return rule.query.getOrDefault(":setOperations", NONE).equals(NONE) ? rule.entries : List.of();
  }

  /**
   * Braces enclose a node: the query is the first level, an entry of its select list the second.
   */
  private void token(String token) {
    switch (token) {
      case "", "(", ")" -> {
        // lists say nothing here
      }
      case "{" -> braces++;
      case "}" -> {
        if (braces == 2) {
          endOfNode();
        }
        braces--;
      }
      default -> word(token);
    }
  }

  private void word(String token) {
    if (braces > 2) {
      return;
    }
    Map<String, String> node = braces == 1 ? query : target;
    if (token.startsWith(":")) {
      key = token;
      node.put(key, "");
    } else {
      node.put(key, token);
    }
  }

  private void endOfNode() {
    boolean isTarget = query.containsKey(":targetList") && !query.containsKey(":override");
    long relation = number(":resorigtbl");
    if (isTarget && relation != 0 && "false".equals(target.get(":resjunk"))) {
      entries.add(new Entry((int) number(":resno"), relation, (int) number(":resorigcol")));
    }
    target.clear();
  }

  private long number(String name) {
    return Long.parseLong(target.getOrDefault(name, "0"));
  }

  /** A backslash takes the next character as it is. */
  private String next() {
    int start = position;
    while (position < tree.length() && "(){} \n".indexOf(tree.charAt(position)) < 0) {
      position += tree.charAt(position) == '\\' ? 2 : 1;
    }
    if (position == start) {
      position++;
    }
    return tree.substring(start, Math.min(position, tree.length())).strip();
  }
}
