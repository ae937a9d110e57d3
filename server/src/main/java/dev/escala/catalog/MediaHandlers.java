package dev.escala.catalog;

import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates that make answers of rows, by their media types in small letters.
 *
 * @param ofRelations by the relation whose rows they take
 * @param ofAny those that take any row
 */
public record MediaHandlers(
    Map<RelationName, Map<String, MediaHandler>> ofRelations, Map<String, MediaHandler> ofAny) {
  /** There are none. */
  public static final MediaHandlers NONE = new MediaHandlers(Map.of(), Map.of());

  public MediaHandlers {
    ofRelations = Map.copyOf(ofRelations);
    ofAny = Map.copyOf(ofAny);
  }

  /** Of two for the same rows and type the first counts. */
  public static MediaHandlers of(Collection<MediaHandler> aggregates) {
    Map<RelationName, Map<String, MediaHandler>> ofRelations = new HashMap<>();
    Map<String, MediaHandler> ofAny = new HashMap<>();
    for (MediaHandler aggregate : aggregates) {
      RelationName relation = aggregate.relation();
      Map<String, MediaHandler> named =
          relation == null
              ? ofAny
              : ofRelations.computeIfAbsent(relation, ignored -> new HashMap<>());
      named.putIfAbsent(aggregate.type().toLowerCase(Locale.ROOT), aggregate);
    }
    return new MediaHandlers(ofRelations, ofAny);
  }

  /**
   * Those that may answer a read.
   *
   * @param relation whose rows are asked for as they are; null where others are
   */
  public Map<String, MediaHandler> of(@Nullable RelationName relation) {
    Map<String, MediaHandler> own =
        relation == null ? Map.of() : ofRelations.getOrDefault(relation, Map.of());
    if (own.isEmpty() || ofAny.isEmpty()) {
      return own.isEmpty() ? ofAny : own;
    }
    Map<String, MediaHandler> all = new HashMap<>(ofAny);
    all.putAll(own);
    return all;
  }
}
