package dev.escala.store.postgres;

import java.util.function.Predicate;

/**
 * What topics that no configuration names may make of one database.
 *
 * @param tables of such topics
 * @param columns of all of these tables together, without those of the system
 * @param isInvented whether no configuration names a topic
 */
public record InventedBounds(int tables, int columns, Predicate<String> isInvented) {
  /** As many as PostgreSQL takes. */
  public static final InventedBounds NONE =
      new InventedBounds(Integer.MAX_VALUE, Integer.MAX_VALUE, topic -> true);

  boolean isOpen() {
    return tables == Integer.MAX_VALUE && columns == Integer.MAX_VALUE;
  }
}
