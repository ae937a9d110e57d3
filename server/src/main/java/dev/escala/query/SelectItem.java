package dev.escala.query;

import org.jspecify.annotations.Nullable;

/** One item of {@code select}. */
public sealed interface SelectItem {

  /** All columns. */
  record AllColumns() implements SelectItem {}

  /** A column or a place in its JSON, with an optional alias and cast. */
  record Value(@Nullable String alias, Field field, @Nullable String cast) implements SelectItem {}

  /**
   * An aggregate.
   *
   * @param field null for {@code count()}
   * @param cast of the field, before it is aggregated
   * @param resultCast of the result
   */
  record Aggregate(
      @Nullable String alias,
      @Nullable Field field,
      @Nullable String cast,
      String function,
      @Nullable String resultCast)
      implements SelectItem {}

  /**
   * Another relation inside of each row, or spread into it.
   *
   * @param hint which of several relationships is meant
   * @param inner whether rows without it are left out
   * @param request what is asked of it
   * @param byRelation whether parameters call it by its relation though it has an alias
   */
  record Embed(
      boolean spread,
      @Nullable String alias,
      String relation,
      @Nullable String hint,
      boolean inner,
      ReadRequest request,
      boolean byRelation)
      implements SelectItem {

    /** How parameters of the query string call it, and its key in the output. */
    public String name() {
      return alias == null ? relation : alias;
    }

    Embed with(ReadRequest other, boolean isCalledByRelation) {
      return new Embed(spread, alias, relation, hint, inner, other, isCalledByRelation);
    }
  }
}
