package dev.escala.ops;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Bounds the label {@code topic}. Topics that are configured keep their names; of those that
 * anybody who may publish to the wildcard topic can invent, only the first ten do, and all others
 * share the value {@code other}.
 */
final class TopicLabel {
  private static final int MOST_INVENTED = 10;
  static final String OTHER = "other";

  private final Set<String> configured;
  private final Set<String> invented = ConcurrentHashMap.newKeySet();

  TopicLabel(Set<String> configured) {
    this.configured = Set.copyOf(configured);
  }

  String of(String topic) {
    if (configured.contains(topic) || invented.contains(topic)) {
      return topic;
    }
    synchronized (invented) {
      if (invented.size() >= MOST_INVENTED) {
        return OTHER;
      }
      invented.add(topic);
      return topic;
    }
  }

  /** The topic is no more; says whether it had its name in labels, which another may have now. */
  boolean release(String topic) {
    synchronized (invented) {
      return invented.remove(topic);
    }
  }
}
