package dev.escala.catalog;

import org.jspecify.annotations.Nullable;

/**
 * A column of a relation.
 *
 * @param type the type as declared, for people
 * @param castType the base type (domains resolved, no length), schema-qualified where needed: what
 *     a bound text is cast to
 * @param representation of its domain, if it has one
 */
public record RelationColumn(
    String name,
    String type,
    String castType,
    OutputKind kind,
    boolean nullable,
    @Nullable String comment,
    Representation representation) {

  /** A column whose type is shown and taken as PostgreSQL does. */
  public RelationColumn(
      String name,
      String type,
      String castType,
      OutputKind kind,
      boolean nullable,
      @Nullable String comment) {
    this(name, type, castType, kind, nullable, comment, Representation.NONE);
  }

  /** Whether the JSON operators apply as they are. */
  public boolean isJson() {
    return castType.equals("json") || castType.equals("jsonb");
  }
}
