package dev.escala.config;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What was found in a file, in the order in which it was found: each error once, and of two with
 * one cause only the first.
 */
final class Errors {
  private final Set<String> sentences = new LinkedHashSet<>();
  private final Set<String> closed = new HashSet<>();

  void add(String place, String message) {
    if (closed.stream().noneMatch(above -> isAtOrBelow(above, place))) {
      sentences.add(place + ": " + message);
    }
  }

  /** What is told of the place, and of places below it, from now on follows from what was told. */
  void close(String place) {
    closed.add(place);
  }

  private static boolean isAtOrBelow(String above, String place) {
    return place.startsWith(above)
        && (place.length() == above.length() || ".[".indexOf(place.charAt(above.length())) >= 0);
  }

  /** Fails where there are any. */
  void end(String file) throws ConfigurationException {
    if (!sentences.isEmpty()) {
      throw new ConfigurationException(file, List.copyOf(sentences));
    }
  }
}
