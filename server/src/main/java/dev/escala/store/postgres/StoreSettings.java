package dev.escala.store.postgres;

import dev.escala.config.DatabaseUrl;
import dev.escala.config.Section;
import java.time.Duration;
import java.util.Map;

/**
 * How rows reach a database.
 *
 * @param writers connections that write at once
 * @param lockTimeout for changes of tables and for rows
 */
public record StoreSettings(
    DatabaseUrl url, int writers, Duration statementTimeout, Duration lockTimeout) {

  /** Two writers, as measured best on two cores. */
  public static StoreSettings of(DatabaseUrl url) {
    return new StoreSettings(url, 2, Duration.ofSeconds(60), Duration.ofSeconds(5));
  }

  /** Reads {@code url}, {@code writers}, {@code statement-timeout} and {@code lock-timeout}. */
  public static StoreSettings read(Section section) {
    DatabaseUrl url = new DatabaseUrl("localhost", 5432, "none", "none", "", Map.of());
    try {
      url = DatabaseUrl.parse(section.text("url"));
    } catch (IllegalArgumentException malformed) {
      section.reject("url", String.valueOf(malformed.getMessage()));
    }
    StoreSettings otherwise = of(url);
    return new StoreSettings(
        url,
        section.integer("writers", otherwise.writers, 1, 32),
        section.duration("statement-timeout", otherwise.statementTimeout),
        section.duration("lock-timeout", otherwise.lockTimeout));
  }
}
