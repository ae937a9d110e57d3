package dev.escala.serve.rows;

import dev.escala.catalog.Relation;
import java.util.HashMap;
import java.util.Map;

/**
 * How large the rows of each relation were lately, so that memory holds so many octets of an
 * answer, and not so many rows. Of one event loop.
 */
public final class RowSizes {
  /** What an answer may take that is held whole. */
  public static final int WHOLE = 4 << 20;

  private static final int BATCH = 512 << 10;
  private static final int MOST_BATCH_ROWS = 500;

  /** Few messages are larger; of a relation that was never read only a few rows are taken first. */
  private static final int UNKNOWN = 1 << 20;

  private final Map<String, Integer> largest = new HashMap<>();

  /** Whether an answer of so many rows may be held whole. */
  public boolean mayHold(Relation relation, long rows) {
    return rows <= WHOLE / expected(relation);
  }

  /** How many rows to take at once. */
  public int batch(Relation relation) {
    return Math.clamp(BATCH / expected(relation), 1, MOST_BATCH_ROWS);
  }

  /** The largest of the rows just written, in octets. A large one is remembered for a while. */
  public void seen(Relation relation, int octets) {
    largest.merge(name(relation), Math.max(1, octets), (old, now) -> Math.max(now, old - old / 4));
  }

  private int expected(Relation relation) {
    return largest.getOrDefault(name(relation), UNKNOWN);
  }

  private static String name(Relation relation) {
    return relation.schema() + "." + relation.name();
  }
}
