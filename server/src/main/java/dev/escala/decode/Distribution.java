package dev.escala.decode;

import dev.escala.config.Section;

/**
 * Over which servers the rows of a table stand.
 *
 * @param byKey whether they are distributed over the workers of Citus, by their key; else all stand
 *     where the table does
 * @param shards how many parts that are apart the table is made with
 */
public record Distribution(boolean byKey, int shards) {
  /** What Citus takes by itself. */
  private static final int USUAL_SHARDS = 32;

  private static final int MOST_SHARDS = 1_024;

  private enum By {
    NONE,
    KEY
  }

  static Distribution read(Section topic) {
    boolean byKey = topic.choice("distribute", By.NONE) == By.KEY;
    int shards = topic.integer("shards", USUAL_SHARDS, 1, MOST_SHARDS);
    if (!byKey && shards != USUAL_SHARDS) {
      topic.reject("shards", "needs distribute: key");
    }
    return new Distribution(byKey, shards);
  }

  /** Rejects what else a topic wants of its table and workers have not. */
  void fit(Section topic, Maintenance rest) {
    if (byKey && !rest.rollups().isEmpty()) {
      topic.reject("distribute", "takes no rollups: Citus has no triggers, which keep them");
    }
    if (byKey && rest.archive().isPresent()) {
      topic.reject("distribute", "takes no archive: Citus has no triggers, which guard it");
    }
  }
}
