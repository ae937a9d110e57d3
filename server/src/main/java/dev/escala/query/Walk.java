package dev.escala.query;

import dev.escala.catalog.Relation;
import dev.escala.catalog.RelationColumn;
import dev.escala.catalog.RelationKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The order in which pages follow each other, each beginning where the one before ended: what was
 * asked for, made total by a key. Each page is found by an index, so the last costs what the first
 * costs, and rows that are added or gone meanwhile move no other into another page.
 *
 * @param steps no two rows are alike in all of them
 * @param position where the page begins
 */
record Walk(FieldSql fields, List<Step> steps, Position position) {
  /** More rows are read without an order of their own, as fast as they come. */
  private static final long MOST_IN_ORDER = 1_000;

  /** It goes out in a header, and comes back in a request line. */
  private static final int MOST_TOKEN_CHARACTERS = 4_000;

  Walk {
    steps = List.copyOf(steps);
  }

  /** One term. */
  record Step(OrderTerm term, boolean nullable) {
    boolean nullsFirst() {
      return switch (term.nulls()) {
        case DEFAULT -> term.descending();
        case FIRST -> true;
        case LAST -> false;
      };
    }

    String beyond() {
      return term.descending() ? " < " : " > ";
    }

    boolean continues(Step other) {
      return term.descending() == other.term.descending() && !nullable;
    }
  }

  /** Through a relation, from a position in the order that was asked for. */
  static Walk of(FieldSql fields, List<OrderTerm> order, Position position) throws QueryRefused {
    List<Step> steps = new ArrayList<>();
    Set<Field> known = new LinkedHashSet<>();
    for (OrderTerm term : order) {
      if (term.relation() != null) {
        throw QueryRefused.noWalk("It is ordered by an embedded relation.");
      }
      if (known.add(term.field())) {
        steps.add(step(fields, term));
      }
    }
    for (String column : missing(fields.relation(), known)) {
      boolean descending = !steps.isEmpty() && steps.getLast().term().descending();
      steps.add(step(fields, ascendingOr(descending, column)));
    }
    Walk walk = new Walk(fields, steps, position);
    walk.check();
    return walk;
  }

  /** Of a position of another order no page can be told. */
  private void check() throws QueryRefused {
    boolean fits =
        switch (position) {
          case Position.Beginning ignored -> true;
          case Position.FirstWithout ignored -> first().nullable();
          case Position.FirstWith ignored -> first().nullable();
          case Position.After after -> fits(after);
        };
    if (!fits) {
      throw QueryRefused.noPosition();
    }
  }

  private boolean fits(Position.After after) {
    if (after.values().size() != steps.size()) {
      return false;
    }
    for (int i = 0; i < steps.size(); i++) {
      if (after.values().get(i) == null && !steps.get(i).nullable()) {
        return false;
      }
    }
    return true;
  }

  /**
   * The order of a page without one: by the primary key, where an index has it and nothing else is
   * asked. Without any order a page may begin anywhere.
   */
  static List<OrderTerm> free(Relation relation, ReadRequest request) {
    Long limit = request.page().limit();
    boolean isPlain =
        limit != null
            && limit <= MOST_IN_ORDER
            && request.order().isEmpty()
            && request.conditions().isEmpty()
            && relation.kind() == RelationKind.TABLE
            && request.embeds().noneMatch(SelectItem.Embed::inner);
    return isPlain
        ? relation.primaryKey().stream().map(column -> ascendingOr(false, column)).toList()
        : List.of();
  }

  private static OrderTerm ascendingOr(boolean descending, String column) {
    return new OrderTerm(null, column(column), descending, OrderTerm.Nulls.DEFAULT);
  }

  private static Step step(FieldSql fields, OrderTerm term) throws QueryRefused {
    RelationColumn column = fields.column(term.field().column());
    return new Step(term, column.nullable() || !term.field().path().isEmpty());
  }

  /** What a key has beyond the terms; of the key that has least. */
  private static List<String> missing(Relation relation, Set<Field> known) throws QueryRefused {
    return relation.uniqueKeys().stream()
        .filter(key -> key.stream().noneMatch(each -> mayBeNull(relation, each)))
        .map(key -> key.stream().filter(each -> !known.contains(column(each))).sorted().toList())
        .min(Comparator.comparingInt(List::size))
        .orElseThrow(() -> QueryRefused.noKey(relation.name()));
  }

  private static Field column(String name) {
    return new Field(name, List.of());
  }

  private static boolean mayBeNull(Relation relation, String column) {
    return relation.column(column).map(RelationColumn::nullable).orElse(true);
  }

  private Step first() {
    return steps.getFirst();
  }

  /** All of it. */
  List<OrderTerm> order() {
    return steps.stream().map(Step::term).toList();
  }

  /** The values of a row that make the position after it, each as a text. */
  List<String> values() throws QueryRefused {
    List<String> values = new ArrayList<>(steps.size());
    for (Step step : steps) {
      values.add(Output.cast(fields.of(step.term().field()), "text"));
    }
    return values;
  }

  /** Whether all rows from the beginning are in the page. */
  boolean isAtBeginning() {
    return position instanceof Position.Beginning;
  }

  /** Writes the condition that rows of the page satisfy. */
  void condition(SqlText sql) throws QueryRefused {
    switch (position) {
      case Position.Beginning ignored -> sql.add("TRUE");
      case Position.FirstWithout ignored -> sql.add(field(0)).add(" IS NULL");
      case Position.FirstWith ignored -> sql.add(field(0)).add(" IS NOT NULL");
      case Position.After after -> after(after.values(), sql);
    }
  }

  private void after(List<@Nullable String> values, SqlText sql) throws QueryRefused {
    if (steps.stream().allMatch(step -> step.continues(first()))) {
      inOneDirection(values, sql);
    } else if (values.getFirst() == null) {
      sql.add("(").add(field(0)).add(" IS NULL AND ");
      from(1, values, sql);
      sql.add(")");
    } else {
      // What is implied bounds the scan of an index.
      sql.add("(").add(field(0)).add(first().beyond().stripTrailing()).add("= ");
      value(0, values, sql);
      sql.add(" AND ");
      from(0, values, sql);
      sql.add(")");
    }
  }

  /** A comparison of rows, by which an index on all terms finds the very next one. */
  private void inOneDirection(List<@Nullable String> values, SqlText sql) throws QueryRefused {
    for (int i = 0; i < steps.size(); i++) {
      sql.add(i == 0 ? "(" : ", ").add(field(i));
    }
    sql.add(")").add(first().beyond());
    for (int i = 0; i < steps.size(); i++) {
      sql.add(i == 0 ? "(" : ", ");
      value(i, values, sql);
    }
    sql.add(")");
  }

  /** Beyond in the term with this index, or like it and beyond in those behind. */
  private void from(int index, List<@Nullable String> values, SqlText sql) throws QueryRefused {
    sql.add("(");
    beyond(index, values, sql);
    if (index + 1 < steps.size()) {
      sql.add(" OR (").add(field(index));
      if (values.get(index) == null) {
        sql.add(" IS NULL");
      } else {
        sql.add(" = ");
        value(index, values, sql);
      }
      sql.add(" AND ");
      from(index + 1, values, sql);
      sql.add(")");
    }
    sql.add(")");
  }

  private void beyond(int index, List<@Nullable String> values, SqlText sql) throws QueryRefused {
    Step step = steps.get(index);
    if (values.get(index) == null) {
      sql.add(step.nullsFirst() ? field(index) + " IS NOT NULL" : "FALSE");
      return;
    }
    sql.add(field(index)).add(step.beyond());
    value(index, values, sql);
    // Of the first term those without a value are pages of their own.
    if (index > 0 && step.nullable() && !step.nullsFirst()) {
      sql.add(" OR ").add(field(index)).add(" IS NULL");
    }
  }

  private String field(int index) throws QueryRefused {
    return fields.of(steps.get(index).term().field());
  }

  private void value(int index, List<@Nullable String> values, SqlText sql) throws QueryRefused {
    Field field = steps.get(index).term().field();
    sql.value(Objects.requireNonNull(values.get(index)), fields.typeOf(field));
  }

  /**
   * The token of the next page; empty where there is none.
   *
   * @param last what {@link #values} are in the last row of the page, if it is full; null else
   */
  Optional<String> next(@Nullable List<@Nullable String> last) throws QueryRefused {
    if (last != null) {
      String token = new Position.After(last).token();
      if (token.length() > MOST_TOKEN_CHARACTERS) {
        throw QueryRefused.noWalk("The values by which they are ordered are too long.");
      }
      return Optional.of(token);
    }
    boolean isOfFirstGroup =
        position instanceof Position.After after
            && first().nullable()
            && after.startsWithNull() == first().nullsFirst();
    if (!isOfFirstGroup) {
      return Optional.empty();
    }
    Position next = first().nullsFirst() ? new Position.FirstWith() : new Position.FirstWithout();
    return Optional.of(next.token());
  }
}
