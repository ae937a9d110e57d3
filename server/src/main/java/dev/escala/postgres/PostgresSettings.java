package dev.escala.postgres;

import dev.escala.config.DatabaseUrl;
import dev.escala.config.Section;
import java.time.Duration;
import java.util.Map;

/**
 * How a database is written to.
 *
 * @param writers connections that write rows, of the whole process
 * @param statementTimeout of each statement
 * @param lockTimeout how long a row waits for a lock of somebody else
 * @param changeLockTimeout how long a change of a table waits for its lock at each try; whoever
 *     reads or writes the table meanwhile waits behind it for as long
 */
public record PostgresSettings(
    DatabaseUrl url,
    int writers,
    Duration statementTimeout,
    Duration lockTimeout,
    Duration changeLockTimeout) {

  /** Two writers, as measured best on two cores. */
  public static PostgresSettings of(DatabaseUrl url) {
    return new PostgresSettings(
        url, 2, Duration.ofSeconds(60), Duration.ofSeconds(5), Duration.ofMillis(100));
  }

  /**
   * Reads {@code url}, {@code writers}, {@code statement-timeout}, {@code lock-timeout} and {@code
   * change-lock-timeout}.
   */
  public static PostgresSettings read(Section section) {
    DatabaseUrl url = new DatabaseUrl("localhost", 5432, "none", "none", "", Map.of());
    try {
      url = DatabaseUrl.parse(section.text("url"));
    } catch (IllegalArgumentException malformed) {
      section.reject("url", String.valueOf(malformed.getMessage()));
    }
    PostgresSettings otherwise = of(url);
    return new PostgresSettings(
        url,
        section.integer("writers", otherwise.writers, 1, 32),
        section.duration("statement-timeout", otherwise.statementTimeout),
        section.duration("lock-timeout", otherwise.lockTimeout),
        section.duration("change-lock-timeout", otherwise.changeLockTimeout));
  }

  /** The same database as another login. */
  public PostgresSettings as(DatabaseUrl other) {
    return new PostgresSettings(other, writers, statementTimeout, lockTimeout, changeLockTimeout);
  }

  /** With another bound on how long a row waits for a lock. */
  public PostgresSettings withLockTimeout(Duration timeout) {
    return new PostgresSettings(url, writers, statementTimeout, timeout, changeLockTimeout);
  }

  /** The same database with this many connections, each statement within the limit. */
  PostgresSettings beside(int connections, Duration limit) {
    return new PostgresSettings(url, connections, limit, limit, changeLockTimeout);
  }
}
