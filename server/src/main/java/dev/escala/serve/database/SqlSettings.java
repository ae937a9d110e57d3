package dev.escala.serve.database;

import dev.escala.config.Section;
import dev.escala.model.Limits;
import java.time.Duration;

/**
 * Limits of SQL over HTTP.
 *
 * @param maxRows of an answer; more are cut off, and the answer says so
 * @param maxBytes of an answer, which is held in memory; more are cut off likewise
 * @param timeout of all that one request does in the database
 * @param maxCost of the planner's estimate, in its own unit
 */
public record SqlSettings(
    boolean enabled, int maxRows, long maxBytes, Duration timeout, long maxCost) {
  private static final long DEFAULT_BYTES = 8L << 20;
  private static final long MOST_BYTES = 256L << 20;

  /** The same for a caller, who may have less. */
  public SqlSettings within(Limits limits) {
    return new SqlSettings(
        enabled,
        Math.toIntExact(Math.min(maxRows, limits.maxRows())),
        Math.min(maxBytes, limits.maxBytes()),
        timeout,
        Math.min(maxCost, limits.maxCost()));
  }

  /** Reads {@code databases.NAME.sql}. */
  static SqlSettings read(Section section) {
    long maxBytes = section.bytes("max-bytes", DEFAULT_BYTES);
    if (maxBytes < 1 || maxBytes > MOST_BYTES) {
      section.reject("max-bytes", "must be between 1 and 256MiB");
    }
    return new SqlSettings(
        section.flag("enabled", true),
        section.integer("max-rows", 10_000, 1, 1_000_000),
        maxBytes,
        section.duration("timeout", Duration.ofSeconds(5)),
        section.integer("max-cost", 1_000_000, 1, Integer.MAX_VALUE));
  }
}
