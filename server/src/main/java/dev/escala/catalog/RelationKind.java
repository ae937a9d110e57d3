package dev.escala.catalog;

/** What may be read like a table. */
public enum RelationKind {
  TABLE("table"),
  PARTITIONED_TABLE("partitioned table"),
  FOREIGN_TABLE("foreign table"),
  VIEW("view"),
  MATERIALIZED_VIEW("materialized view");

  private final String words;

  RelationKind(String words) {
    this.words = words;
  }

  /** By the letter of {@code pg_class.relkind}. */
  public static RelationKind of(String relkind) {
    return switch (relkind) {
      case "p" -> PARTITIONED_TABLE;
      case "f" -> FOREIGN_TABLE;
      case "v" -> VIEW;
      case "m" -> MATERIALIZED_VIEW;
      default -> TABLE;
    };
  }

  /** Whether it has no rows of its own. */
  public boolean isView() {
    return this == VIEW || this == MATERIALIZED_VIEW;
  }

  @Override
  public String toString() {
    return words;
  }
}
