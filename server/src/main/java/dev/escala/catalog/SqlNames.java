package dev.escala.catalog;

import java.util.Set;

/**
 * What SQL of a caller may name besides what PostgreSQL itself has, and what it may not.
 *
 * @param schemas exposed
 * @param functions of these schemas, of no extension, without effects, and not named like one of
 *     PostgreSQL
 * @param types of these schemas, likewise
 * @param volatileFunctions of all schemas but PostgreSQL's own: they may have effects
 * @param attributes functions and types of PostgreSQL and of these schemas that {@code
 *     (value).name} would call, where no column has the name
 */
public record SqlNames(
    Set<String> schemas,
    Set<String> functions,
    Set<String> types,
    Set<String> volatileFunctions,
    Set<String> attributes) {
  public static final SqlNames NONE =
      new SqlNames(Set.of(), Set.of(), Set.of(), Set.of(), Set.of());

  public SqlNames {
    schemas = Set.copyOf(schemas);
    functions = Set.copyOf(functions);
    types = Set.copyOf(types);
    volatileFunctions = Set.copyOf(volatileFunctions);
    attributes = Set.copyOf(attributes);
  }
}
