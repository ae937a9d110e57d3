package dev.escala.serve.rows;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How large the rows of each relation, or of each statement, were lately, so that memory holds so
 * many octets of an answer, and not so many rows. Of one event loop.
 */
public final class RowSizes {
  /** What an answer may take that is held whole. */
  public static final int WHOLE = 4 << 20;

  private static final int BATCH = 512 << 10;
  private static final int MOST_BATCH_ROWS = 500;

  private static final int LEAST_ROOM = 256;
  private static final int MOST_ROOM = 4 << 10;

  /** Few messages are larger; of what was never read only a few rows are taken first. */
  private static final int UNKNOWN = 1 << 20;

  /** Statements are the doing of clients, so those that were not used for long are forgotten. */
  private static final int MOST_REMEMBERED = 2_000;

  private final Map<String, Integer> largest =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  /** Whether an answer of so many rows may be held whole. */
  public boolean mayHold(String what, long rows) {
    return rows <= WHOLE / expected(what);
  }

  /** Octets to begin an answer of so many rows with; it grows where that was not enough. */
  public int room(String what, long rows) {
    Integer known = largest.get(what);
    return known == null
        ? LEAST_ROOM
        : Math.clamp(known * Math.min(rows, MOST_ROOM), LEAST_ROOM, MOST_ROOM);
  }

  /** How many rows to take at once. */
  public int batch(String what) {
    return Math.clamp(BATCH / expected(what), 1, MOST_BATCH_ROWS);
  }

  /** The largest of the rows just written, in octets. A large one is remembered for a while. */
  public void seen(String what, int octets) {
    largest.merge(what, Math.max(1, octets), (old, now) -> Math.max(now, old - old / 4));
  }

  private int expected(String what) {
    return largest.getOrDefault(what, UNKNOWN);
  }
}
