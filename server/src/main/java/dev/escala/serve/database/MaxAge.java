package dev.escala.serve.database;

import dev.escala.catalog.Relation;
import dev.escala.config.Section;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How long an answer may be kept by caches, and be given again without a question to the server.
 *
 * @param all of relations that have none of their own; zero: not at all
 * @param of single relations, by {@code name}, or {@code schema.name}
 */
public record MaxAge(Duration all, Map<String, Duration> of) {
  static final MaxAge NONE = new MaxAge(Duration.ZERO, Map.of());

  private static final String KEY = "max-age";

  public MaxAge {
    of = Map.copyOf(of);
  }

  /**
   * Reads keys of {@code databases.NAME}.
   *
   * @param relations those of {@code databases.NAME.relations}
   */
  static MaxAge read(Section section, Map<String, Section> relations) {
    Map<String, Duration> of = new HashMap<>();
    relations.forEach(
        (name, relation) -> {
          if (relation.has(KEY)) {
            of.put(name, relation.duration(KEY, Duration.ZERO));
          }
        });
    return new MaxAge(section.duration(KEY, Duration.ZERO), of);
  }

  /** Zero where it may not be kept. */
  public Duration of(Relation relation) {
    Duration ofSchema = of.get(relation.schema() + "." + relation.name());
    return ofSchema == null ? of.getOrDefault(relation.name(), all) : ofSchema;
  }
}
