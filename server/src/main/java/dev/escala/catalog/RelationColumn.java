package dev.escala.catalog;

import org.jspecify.annotations.Nullable;

/**
 * A column of a relation.
 *
 * @param type the type as declared, for people
 * @param castType the base type (domains resolved, no length), schema-qualified where needed: what
 *     a bound text is cast to
 */
public record RelationColumn(
    String name,
    String type,
    String castType,
    OutputKind kind,
    boolean nullable,
    @Nullable String comment) {

  /** Whether the JSON operators apply as they are. */
  public boolean isJson() {
    return castType.equals("json") || castType.equals("jsonb");
  }
}
