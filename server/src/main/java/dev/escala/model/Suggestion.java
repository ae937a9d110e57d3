package dev.escala.model;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the known name that somebody probably meant. */
public final class Suggestion {

  /** Names of PostgreSQL and of topics have at most 63 characters. */
  private static final int LONGEST = 64;

  /** Of names that are about as long; who asks may sit on an event loop. */
  private static final int MOST_COMPARED = 300;

  private Suggestion() {}

  /**
   * The candidate nearest to the name, if any is near enough to be a slip of the keyboard. Takes no
   * longer for a longer name: one that no candidate can be meant by has none.
   */
  public static Optional<String> nearest(String name, Collection<String> candidates) {
    if (name.length() > LONGEST) {
      return Optional.empty();
    }
    String wanted = name.toLowerCase(Locale.ROOT);
    String best = null;
    // Two letters swapped are two replacements; a short name has no room for as many.
    int farthest = 1 + (wanted.length() <= 3 ? 1 : Math.max(2, wanted.length() / 3));
    int bestRank = farthest * LONGEST;
    int left = MOST_COMPARED;
    for (String candidate : candidates) {
      int longer = Math.abs(candidate.length() - wanted.length());
      if (left > 0 && candidate.length() <= LONGEST && longer * LONGEST < bestRank) {
        left--;
        // Of those that are as near, the one that is as long.
        int rank = distance(wanted, candidate.toLowerCase(Locale.ROOT)) * LONGEST + longer;
        if (rank < bestRank) {
          best = candidate;
          bestRank = rank;
        }
      }
    }
    return Optional.ofNullable(best);
  }

  /** Levenshtein's distance: insertions, deletions and replacements. */
  private static int distance(String left, String right) {
    int[] previous = new int[right.length() + 1];
    int[] current = new int[right.length() + 1];
    for (int j = 0; j <= right.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      current[0] = i;
      for (int j = 1; j <= right.length(); j++) {
        int replaced = previous[j - 1] + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
      }
      int[] swap = previous;
      previous = current;
      current = swap;
    }
    return previous[right.length()];
  }
}
