package dev.escala.query;

import dev.escala.catalog.Relation;
import java.util.List;
import java.util.Set;

/** How many rows conditions can leave, where they give all columns of a unique key its values. */
record KeyedRows(Relation relation, List<Condition> conditions) {

  /** {@link Long#MAX_VALUE} where no key tells. */
  long most() {
    long most = Long.MAX_VALUE;
    for (Set<String> key : relation.uniqueKeys()) {
      most = Math.min(most, rows(key));
    }
    return most;
  }

  private long rows(Set<String> key) {
    long rows = 1;
    for (String column : key) {
      long values = values(column, conditions);
      if (values == Long.MAX_VALUE) {
        return values;
      }
      rows = product(rows, values);
    }
    return rows;
  }

  /** Capped, as a product of long lists overflows. */
  private static long product(long left, long right) {
    return Math.min(left * right, Integer.MAX_VALUE);
  }

  /** How many values conditions leave a column that all must hold. */
  private static long values(String column, List<Condition> conditions) {
    long least = Long.MAX_VALUE;
    for (Condition condition : conditions) {
      least =
          Math.min(
              least,
              switch (condition) {
                case Condition.Group group ->
                    group.any() || group.negated()
                        ? Long.MAX_VALUE
                        : values(column, group.conditions());
                case Condition.Filter filter ->
                    filter.field().path().isEmpty() && filter.field().column().equals(column)
                        ? allowed(filter)
                        : Long.MAX_VALUE;
              });
    }
    return least;
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
