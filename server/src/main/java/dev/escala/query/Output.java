package dev.escala.query;

import dev.escala.catalog.OutputKind;
import org.jspecify.annotations.Nullable;

/**
 * One value of each row of a relation in a read.
 *
 * @param name the key under which it goes out
 * @param sql the expression; of an aggregate what is aggregated
 * @param declared the type of the column whose value it is; null of others
 * @param aggregate to be applied where rows are objects, which is above those that are spread
 */
record Output(
    String name,
    OutputKind kind,
    String sql,
    @Nullable String declared,
    @Nullable Aggregated aggregate) {

  /**
   * What is done with the values of many rows.
   *
   * @param type of what is aggregated; of nothing, where rows are counted, any
   */
  record Aggregated(SelectItem.Aggregate item, String type) {

    /** The type to which a value is cast that is compared with the result. */
    String resultType() {
      String cast = item.resultCast();
      if (cast != null) {
        return cast;
      }
      return switch (item.function()) {
        case "count" -> "bigint";
        case "max", "min" -> type;
        default -> type.equals("interval") || type.equals("money") ? type : "numeric";
      };
    }
  }

  static Output of(String name, OutputKind kind, String sql) {
    return new Output(name, kind, sql, null, null);
  }

  boolean isAggregate() {
    return aggregate != null;
  }

  /** The same value, where it comes from a subquery. */
  Output from(String column) {
    return new Output(name, kind, column, declared, aggregate);
  }

  /** With its aggregate applied. */
  Output finished() {
    if (aggregate == null) {
      return this;
    }
    String applied = "pg_catalog." + aggregate.item().function() + "(" + sql + ")";
    String cast = aggregate.item().resultCast();
    return cast == null
        ? of(name, isCount() ? OutputKind.INTEGER : OutputKind.CONVERTED, applied)
        : of(name, kindOfCast(cast), cast(applied, cast));
  }

  private boolean isCount() {
    return aggregate != null && aggregate.item().function().equals("count");
  }

  static OutputKind kindOfCast(String cast) {
    return cast.equals("text") ? OutputKind.TEXT : OutputKind.CONVERTED;
  }

  static String cast(String sql, String type) {
    return "CAST(" + sql + " AS " + type + ")";
  }
}
