package dev.escala.catalog;

import dev.escala.model.Suggestion;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is exposed of a database at one moment.
 *
 * @param schemas exposed, the default one first
 * @param relations by schema, then by name; those of the product itself stand in a schema that is
 *     not exposed, so that who knows of them can read them and nobody finds them among the data
 * @param volatileFunctions names of all functions that may have effects
 * @param excessOfLogin what the login may do beyond reading, as the rest of a sentence; null if
 *     nothing
 */
public record DatabaseCatalog(
    List<String> schemas,
    Map<String, Map<String, Relation>> relations,
    Set<String> volatileFunctions,
    @Nullable String excessOfLogin) {

  public DatabaseCatalog {
    schemas = List.copyOf(schemas);
    relations = Map.copyOf(relations);
    volatileFunctions = Set.copyOf(volatileFunctions);
  }

  /** A catalog of these relations, in their order. */
  public static DatabaseCatalog of(
      List<String> schemas,
      Collection<Relation> relations,
      Set<String> volatileFunctions,
      @Nullable String excessOfLogin) {
    Map<String, Map<String, Relation>> bySchema = new LinkedHashMap<>();
    for (Relation relation : relations) {
      bySchema
          .computeIfAbsent(relation.schema(), ignored -> new LinkedHashMap<>())
          .put(relation.name(), relation);
    }
    bySchema.replaceAll((schema, named) -> Collections.unmodifiableMap(named));
    return new DatabaseCatalog(schemas, bySchema, volatileFunctions, excessOfLogin);
  }

  public Optional<Relation> relation(String schema, String name) {
    return Optional.ofNullable(in(schema).get(name));
  }

  /** The name of the relation that was probably meant. */
  public Optional<String> nearest(String schema, String name) {
    return Suggestion.nearest(name, in(schema).keySet());
  }

  /** The relations of a schema by name. */
  public Map<String, Relation> in(String schema) {
    return relations.getOrDefault(schema, Map.of());
  }

  /** How many relations of the exposed schemas there are. */
  public int size() {
    return schemas.stream().mapToInt(schema -> in(schema).size()).sum();
  }
}
