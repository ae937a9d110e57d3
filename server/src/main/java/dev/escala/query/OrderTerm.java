package dev.escala.query;

import org.jspecify.annotations.Nullable;

/**
 * One term of {@code order}.
 *
 * @param relation the embedded relation whose field it is, or null for an own field
 */
public record OrderTerm(@Nullable String relation, Field field, boolean descending, Nulls nulls) {

  /** Where rows without a value stand. */
  public enum Nulls {
    DEFAULT(""),
    FIRST(" NULLS FIRST"),
    LAST(" NULLS LAST");

    private final String sql;

    Nulls(String sql) {
      this.sql = sql;
    }

    String sql() {
      return sql;
    }
  }
}
