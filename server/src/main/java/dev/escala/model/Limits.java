package dev.escala.model;

/**
 * How much one request of a caller may take, where the settings of the server allow more.
 *
 * @param maxRows of an answer, and of what each of its rows embeds
 * @param maxCost of SQL, by the planner's estimate in its own unit
 * @param maxBytes of an answer to SQL
 */
public record Limits(long maxRows, long maxCost, long maxBytes) {
  /** As much as the settings allow. */
  public static final Limits NONE = new Limits(Long.MAX_VALUE, Long.MAX_VALUE);

  /** As long as the settings allow. */
  public Limits(long maxRows, long maxCost) {
    this(maxRows, maxCost, Long.MAX_VALUE);
  }

  public Limits {
    if (maxRows < 1 || maxCost < 1 || maxBytes < 1) {
      throw new IllegalArgumentException("a limit is at least 1");
    }
  }

  /** The lesser of these and those. */
  public Limits within(Limits those) {
    return new Limits(
        Math.min(maxRows, those.maxRows),
        Math.min(maxCost, those.maxCost),
        Math.min(maxBytes, those.maxBytes));
  }
}
