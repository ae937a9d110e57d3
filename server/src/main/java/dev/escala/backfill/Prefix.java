package dev.escala.backfill;

import java.util.TreeMap;

/** How many of what is finished in any order is finished from the beginning on. */
final class Prefix {
  private final TreeMap<Long, Long> beyond = new TreeMap<>();
  private long end;

  Prefix(long end) {
    this.end = end;
  }

  /** So many from a place on are finished. */
  void finished(long from, long count) {
    beyond.put(from, from + count);
    while (!beyond.isEmpty() && beyond.firstKey() == end) {
      end = beyond.pollFirstEntry().getValue();
    }
  }

  long end() {
    return end;
  }
}
