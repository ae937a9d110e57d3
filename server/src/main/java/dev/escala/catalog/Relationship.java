package dev.escala.catalog;

import java.util.List;

/** How the rows of one relation belong to those of another. */
public record Relationship(
    RelationName origin, RelationName target, Cardinality cardinality, Join join) {

  /** How many rows of the target, seen from the origin, and the reverse. */
  public enum Cardinality {
    ONE_TO_ONE("one-to-one"),
    MANY_TO_ONE("many-to-one"),
    ONE_TO_MANY("one-to-many"),
    MANY_TO_MANY("many-to-many");

    private final String words;

    Cardinality(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  /** By what they belong together. */
  public sealed interface Join {}

  /** Equal values of columns, held by a constraint of one of both or of the table behind a view. */
  public record Columns(String constraint, List<Pair> pairs) implements Join {
    public Columns {
      pairs = List.copyOf(pairs);
    }
  }

  /**
   * A table between them.
   *
   * @param toOrigin pairs of its columns and those of the origin
   * @param toTarget pairs of its columns and those of the target
   */
  public record Junction(RelationName table, Columns toOrigin, Columns toTarget) implements Join {}

  /** A function of a row of the origin, which gives the rows of the target. */
  public record Computed(RelationName function) implements Join {}

  /** A column of the one side and its equal on the other. */
  public record Pair(String local, String foreign) {}

  /** Whether a row of the origin has at most one of the target. */
  public boolean isToOne() {
    return cardinality == Cardinality.ONE_TO_ONE || cardinality == Cardinality.MANY_TO_ONE;
  }

  /** Whether both ends are the same relation. */
  public boolean isSelf() {
    return origin.equals(target);
  }
}
