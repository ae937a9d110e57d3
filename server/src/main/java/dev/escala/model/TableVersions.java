package dev.escala.model;

import java.util.Optional;

/** Tells states of tables apart without a look at their rows. Safe for all threads. */
@FunctionalInterface
public interface TableVersions {
  /** Where nobody counts changes. */
  TableVersions NONE = (schema, table) -> Optional.empty();

  /**
   * Names a state that the table had a moment ago: whoever reads it from now on sees this state or
   * a later one. After each commit that changed it the name is another one. Returns at once.
   *
   * @return empty where its changes are not counted, or were not asked for lately
   */
  Optional<String> of(String schema, String table);
}
