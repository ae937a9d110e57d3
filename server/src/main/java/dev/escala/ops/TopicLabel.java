package dev.escala.ops;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Bounds the label {@code topic}: anybody who may publish to the wildcard topic can invent names,
 * so that all topics after the first hundred share the value {@code other}.
 */
final class TopicLabel {
  private static final int MOST = 100;
  private static final String OTHER = "other";

  private final Set<String> known = ConcurrentHashMap.newKeySet();

  String of(String topic) {
    if (known.contains(topic)) {
      return topic;
    }
    if (known.size() >= MOST) {
      return OTHER;
    }
    known.add(topic);
    return topic;
  }
}
