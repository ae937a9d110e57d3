package dev.escala.app;

import dev.escala.config.Section;
import java.time.Duration;

/**
 * {@code publish.invented}: bounds on topics that no configuration names.
 *
 * @param most open at once in this process
 * @param idle after which one is closed that nothing is published to
 * @param tablesPerMinute that one client may have made; ten times as many for all together
 * @param tables of such topics in a database
 * @param columns of all of these tables together
 */
record InventedSettings(int most, Duration idle, int tablesPerMinute, int tables, int columns) {
  private static final InventedSettings DEFAULT =
      new InventedSettings(1_000, Duration.ofMinutes(10), 20, 10_000, 200_000);

  static InventedSettings read(Section section) {
    return new InventedSettings(
        section.integer("most", DEFAULT.most, 1, 100_000),
        section.duration("idle", DEFAULT.idle),
        section.integer("tables-per-minute", DEFAULT.tablesPerMinute, 1, 100_000),
        section.integer("tables", DEFAULT.tables, 1, 1_000_000),
        section.integer("columns", DEFAULT.columns, 1, 100_000_000));
  }
}
