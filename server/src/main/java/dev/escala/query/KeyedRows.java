package dev.escala.query;

import dev.escala.catalog.Relation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How many rows conditions can leave, where they give all columns of a unique key its values. */
record KeyedRows(Relation relation, List<Condition> conditions) {

  /** {@link Long#MAX_VALUE} where no key tells. */
  long most() {
    if (conditions.isEmpty() || relation.uniqueKeys().isEmpty()) {
      return Long.MAX_VALUE;
    }
    Map<String, Long> values = new HashMap<>();
    collect(conditions, values);
    return relation.uniqueKeys().stream()
        .filter(key -> values.keySet().containsAll(key))
        .mapToLong(key -> key.stream().map(values::get).reduce(1L, KeyedRows::product))
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** Capped, as a product of long lists overflows. */
  private static long product(long left, long right) {
    return Math.min(left * right, Integer.MAX_VALUE);
  }

  /** The least number of values by column, of conditions that all must hold. */
  private static void collect(List<Condition> conditions, Map<String, Long> values) {
    for (Condition condition : conditions) {
      switch (condition) {
        case Condition.Group group -> {
          if (!group.any() && !group.negated()) {
            collect(group.conditions(), values);
          }
        }
        case Condition.Filter filter -> {
          long allowed = allowed(filter);
          if (allowed < Long.MAX_VALUE && filter.field().path().isEmpty()) {
            values.merge(filter.field().column(), allowed, Math::min);
          }
        }
      }
    }
  }

  private static long allowed(Condition.Filter filter) {
    if (filter.negated()) {
      return Long.MAX_VALUE;
    }
    return switch (filter.test()) {
      case Condition.Compare compare when compare.operator() == Operator.EQ -> 1;
      case Condition.In in -> in.values().size();
      case Condition.Compare ignored -> Long.MAX_VALUE;
      case Condition.CompareEach ignored -> Long.MAX_VALUE;
      case Condition.Is ignored -> Long.MAX_VALUE;
      case Condition.IsDistinct ignored -> Long.MAX_VALUE;
      case Condition.FullText ignored -> Long.MAX_VALUE;
    };
  }
}
