package dev.escala.query;

import java.util.List;
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
   * @param modifiers join types and hints as written, without their exclamation marks
   */
  record Embed(
      boolean spread,
      @Nullable String alias,
      String relation,
      List<String> modifiers,
      List<SelectItem> items)
      implements SelectItem {
    public Embed {
      modifiers = List.copyOf(modifiers);
      items = List.copyOf(items);
    }
  }
}
