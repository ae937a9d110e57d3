package dev.escala.catalog;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which columns of views are columns of which tables, through chains of views. */
final class ViewColumns {
  /** A chain of views that is longer than this is not followed. */
  private static final int MOST_VIEWS = 32;

  private final Map<RelationName, Map<String, Column>> direct = new HashMap<>();

  /** A column of a relation. */
  private record Column(RelationName relation, String name) {}

  ViewColumns(Collection<ShownColumn> shown) {
    for (ShownColumn each : shown) {
      direct
          .computeIfAbsent(each.view(), ignored -> new LinkedHashMap<>())
          .put(each.column(), new Column(each.relation(), each.of()));
    }
  }

  Collection<RelationName> views() {
    return direct.keySet();
  }

  /** Under which names a view shows all of these columns of a table; empty where it does not. */
  Optional<List<String>> names(RelationName view, RelationName table, List<String> columns) {
    Map<String, String> shown = shown(view, table);
    return shown.keySet().containsAll(columns)
        ? Optional.of(columns.stream().map(shown::get).toList())
        : Optional.empty();
  }

  /** Names in the view by names in the table; the first of several. */
  private Map<String, String> shown(RelationName view, RelationName table) {
    Map<String, String> names = new HashMap<>();
    direct
        .getOrDefault(view, Map.of())
        .forEach(
            (name, column) -> {
              Column base = base(column);
              if (base.relation().equals(table)) {
                names.putIfAbsent(base.name(), name);
              }
            });
    return names;
  }

  private Column base(Column column) {
    Column base = column;
    for (int i = 0; i < MOST_VIEWS; i++) {
      Column next = direct.getOrDefault(base.relation(), Map.of()).get(base.name());
      if (next == null) {
        return base;
      }
      base = next;
    }
    return base;
  }
}
