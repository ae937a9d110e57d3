package dev.escala.app;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/** How many tables may be made for invented topics in a minute: by one client, and in all. */
final class TableBudget {
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();
  private static final int CLIENTS = 10;

  private final int perClient;
  private final LongSupplier nanoTime;

  /** Of the current minute; no longer than what all together may have. */
  private final Map<String, Set<String>> taken = new HashMap<>();

  private int takenByAll;
  private long minuteBegan;

  TableBudget(int perClient, LongSupplier nanoTime) {
    this.perClient = perClient;
    this.nanoTime = nanoTime;
    this.minuteBegan = nanoTime.getAsLong();
  }

  /**
   * Takes one for a topic; says whether there was one left. The same topic takes one in a minute,
   * also where many ask for it at once before it is open.
   */
  synchronized boolean take(String client, String topic) {
    long now = nanoTime.getAsLong();
    if (now - minuteBegan >= MINUTE) {
      minuteBegan = now;
      taken.clear();
      takenByAll = 0;
    }
    Set<String> ofClient = taken.getOrDefault(client, Set.of());
    if (ofClient.contains(topic)) {
      return true;
    }
    if (ofClient.size() >= perClient || takenByAll >= CLIENTS * perClient) {
      return false;
    }
    taken.computeIfAbsent(client, name -> new HashSet<>()).add(topic);
    takenByAll++;
    return true;
  }

  /** It was not needed after all. */
  synchronized void giveBack(String client, String topic) {
    Set<String> ofClient = taken.get(client);
    if (ofClient != null && ofClient.remove(topic)) {
      takenByAll--;
    }
  }
}
