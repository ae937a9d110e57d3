package dev.escala.ingest.faults;

import dev.escala.decode.Dedup.Mode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What was published, and what the table has to be in the end. */
final class Expected {
  /** Seconds from the time of one message to that of the next: some of each day. */
  private static final int APART = 7_000;

  private final Random random;
  private final Mode dedup;
  private final Map<String, Set<Integer>> published = new TreeMap<>();
  private final Map<String, String> latest = new HashMap<>();
  private final Set<String> poison = new TreeSet<>();
  private int next;
  private int keys;
  private int columns;

  Expected(Random random, Mode dedup) {
    this.random = random;
    this.dedup = dedup;
  }

  /** A message under the id by which its source knows it. */
  record Published(String id, String body) {}

  /** The next message: good or not, of a new key or one that came before. */
  Published message() {
    int n = next++;
    String id = "m-" + n;
    if (random.nextInt(25) == 0) {
      poison.add(id);
      return new Published(id, poisonous(n));
    }
    boolean isRepeated = keys > 0 && random.nextInt(3) == 0;
    String key = "k" + (isRepeated ? random.nextInt(keys) : keys++);
    boolean deletes = dedup == Mode.LATEST && random.nextInt(6) == 0;
    published.computeIfAbsent(key, none -> new TreeSet<>()).add(n);
    latest.put(key, deletes ? "" : key + "|" + n);
    String more = random.nextInt(30) == 0 ? ",\"x%d\":\"new\"".formatted(columns++) : "";
    return new Published(
        id,
        "{\"id\":\"%s\",\"v\":%d,\"at\":%d,\"gone\":%s%s}"
            .formatted(key, n, n * APART, deletes, more));
  }

  private String poisonous(int n) {
    return switch (random.nextInt(4)) {
      case 0 -> "{\"id\":\"broken";
      case 1 -> "{\"v\":%d,\"at\":%d}".formatted(n, n);
      case 2 -> "{\"id\":\"negative-%d\",\"v\":-1,\"at\":%d}".formatted(n, n);
      default -> "{\"id\":\"nul-%d\",\"v\":1,\"at\":%d,\"text\":\"a\\u0000b\"}".formatted(n, n);
    };
  }

  /** Columns that messages have brought so far. */
  int columns() {
    return columns;
  }

  Set<String> poison() {
    return poison;
  }

  /** Says what is wrong with these rows of id and v; nothing if they are right. */
  String differences(List<String> rows) {
    Set<String> wanted = new TreeSet<>();
    Set<String> found = new TreeSet<>(rows);
    if (found.size() != rows.size()) {
      return "some rows are there twice: " + rows;
    }
    if (dedup == Mode.KEY_TIME) {
      published.forEach((key, all) -> all.forEach(n -> wanted.add(key + "|" + n)));
    } else if (dedup == Mode.LATEST) {
      latest.values().stream().filter(row -> !row.isEmpty()).forEach(wanted::add);
    } else {
      Map<String, Integer> keys = new TreeMap<>();
      for (String row : rows) {
        int bar = row.indexOf('|');
        String key = row.substring(0, bar);
        keys.merge(key, 1, Integer::sum);
        int v = Integer.parseInt(row.substring(bar + 1));
        if (!published.getOrDefault(key, Set.of()).contains(v)) {
          return row + " was never published";
        }
      }
      wanted.addAll(published.keySet());
      found = new TreeSet<>(keys.keySet());
      if (keys.values().stream().anyMatch(n -> n > 1)) {
        return "a key has two rows: " + keys;
      }
    }
    Set<String> missing = new TreeSet<>(wanted);
    missing.removeAll(found);
    found.removeAll(wanted);
    return missing.isEmpty() && found.isEmpty()
        ? ""
        : "missing %s, and there are %s".formatted(missing, found);
  }
}
