package dev.escala.query;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A request to read a relation, as it was parsed; names are not checked yet. */
public record ReadRequest(
    List<SelectItem> select,
    List<Condition> conditions,
    List<OrderTerm> order,
    Page page,
    Beyond beyond) {

  /**
   * What PostgREST's dialect does not have.
   *
   * @param after the token of the position where the page begins; null where it is none of a walk
   * @param distinct whether rows that are alike count once
   * @param having what aggregates must satisfy
   */
  public record Beyond(@Nullable String after, boolean distinct, List<Condition> having) {
    static final Beyond NONE = new Beyond(null, false, List.of());

    public Beyond {
      having = List.copyOf(having);
    }
  }

  public ReadRequest {
    select = List.copyOf(select);
    conditions = List.copyOf(conditions);
    order = List.copyOf(order);
  }

  /** All rows, with these items of each. */
  static ReadRequest all(List<SelectItem> select) {
    return new ReadRequest(select, List.of(), List.of(), Page.ALL, Beyond.NONE);
  }

  /** Whether it is of one relation alone. */
  public boolean isFlat() {
    for (SelectItem item : select) {
      if (item instanceof SelectItem.Embed) {
        return false;
      }
    }
    return true;
  }

  /** The embedded relations among the items, in their order. */
  Stream<SelectItem.Embed> embeds() {
    return select.stream()
        .filter(SelectItem.Embed.class::isInstance)
        .map(SelectItem.Embed.class::cast);
  }

  /** Those that parameters call by their relation though they have an alias, at any depth. */
  public Stream<SelectItem.Embed> calledByRelation() {
    return embeds()
        .flatMap(
            embed ->
                Stream.concat(
                    embed.byRelation() ? Stream.of(embed) : Stream.empty(),
                    embed.request().calledByRelation()));
  }

  /** Whether each row is asked for as it is. */
  public boolean isOfWholeRows() {
    return select.size() == 1 && select.getFirst() instanceof SelectItem.AllColumns;
  }

  /** The same request for other rows. */
  public ReadRequest with(Page other) {
    return new ReadRequest(select, conditions, order, other, beyond);
  }

  /** The same request in another order. */
  ReadRequest with(List<OrderTerm> other) {
    return new ReadRequest(select, conditions, other, page, beyond);
  }

  /** Whether the page is one of those that follow each other. */
  public boolean isWalk() {
    return beyond.after() != null;
  }
}
