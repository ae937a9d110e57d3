package dev.escala.catalog;

import dev.escala.model.Suggestion;
import java.util.ArrayList;
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
 * @param relationships which of them belong together
 * @param routines functions that may be called, by schema, then by name
 * @param names what SQL of a caller may name, and what it may not
 * @param excessOfLogin what the login may do beyond reading, as the rest of a sentence; null if
 *     nothing
 * @param roleSettings what holds for reads as a role, by its name
 * @param plain tables without row-level security, with types of PostgreSQL's own, and without
 *     computed columns
 * @param mediaHandlers what makes answers that the server has no writer for
 */
public record DatabaseCatalog(
    List<String> schemas,
    Map<String, Map<String, Relation>> relations,
    Relationships relationships,
    Map<String, Map<String, List<Routine>>> routines,
    SqlNames names,
    @Nullable String excessOfLogin,
    Map<String, Map<String, String>> roleSettings,
    Set<RelationName> plain,
    MediaHandlers mediaHandlers) {

  public DatabaseCatalog {
    roleSettings = Map.copyOf(roleSettings);
    plain = Set.copyOf(plain);
    schemas = List.copyOf(schemas);
    routines = Map.copyOf(routines);
    relations = Map.copyOf(relations);
  }

  /** A catalog of these relations, in their order. */
  public static DatabaseCatalog of(
      List<String> schemas,
      Collection<Relation> relations,
      Relationships relationships,
      Collection<Routine> routines,
      SqlNames names,
      @Nullable String excessOfLogin) {
    Map<String, Map<String, Relation>> bySchema = new LinkedHashMap<>();
    for (Relation relation : relations) {
      bySchema
          .computeIfAbsent(relation.schema(), ignored -> new LinkedHashMap<>())
          .put(relation.name(), relation);
    }
    bySchema.replaceAll((schema, named) -> Collections.unmodifiableMap(named));
    return new DatabaseCatalog(
        schemas,
        bySchema,
        relationships,
        named(routines),
        names,
        excessOfLogin,
        Map.of(),
        Set.of(),
        MediaHandlers.NONE);
  }

  /** The same with settings of roles, those tables as plain, and what makes answers. */
  public DatabaseCatalog with(
      Map<String, Map<String, String>> settingsOfRoles,
      Set<RelationName> tables,
      MediaHandlers handlers) {
    return new DatabaseCatalog(
        schemas,
        relations,
        relationships,
        routines,
        names,
        excessOfLogin,
        settingsOfRoles,
        tables,
        handlers);
  }

  private static Map<String, Map<String, List<Routine>>> named(Collection<Routine> routines) {
    Map<String, Map<String, List<Routine>>> bySchema = new LinkedHashMap<>();
    for (Routine routine : routines) {
      bySchema
          .computeIfAbsent(routine.name().schema(), ignored -> new LinkedHashMap<>())
          .computeIfAbsent(routine.name().name(), ignored -> new ArrayList<>())
          .add(routine);
    }
    return bySchema;
  }

  /** The same with published queries in the place of functions of their names. */
  public DatabaseCatalog with(Collection<Routine> queries) {
    Map<String, Map<String, List<Routine>>> all = new LinkedHashMap<>();
    routines.forEach((schema, named) -> all.put(schema, new LinkedHashMap<>(named)));
    for (Routine query : queries) {
      all.computeIfAbsent(query.name().schema(), ignored -> new LinkedHashMap<>())
          .put(query.name().name(), List.of(query));
    }
    return new DatabaseCatalog(
        schemas,
        relations,
        relationships,
        all,
        names,
        excessOfLogin,
        roleSettings,
        plain,
        mediaHandlers);
  }

  /** The functions of a schema by name. */
  public Map<String, List<Routine>> routinesIn(String schema) {
    return routines.getOrDefault(schema, Map.of());
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
