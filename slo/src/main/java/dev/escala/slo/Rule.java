package dev.escala.slo;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** A rule of Prometheus. */
sealed interface Rule {
  /** The expression, perhaps of several lines. */
  String expression();

  /** Keeps what an expression says as a series of its own. */
  record Recording(String name, String expression, Map<String, String> labels) implements Rule {
    public Recording {
      labels = new LinkedHashMap<>(labels);
    }

    static Recording of(String name, String expression) {
      return new Recording(name, expression, Map.of());
    }
  }

  /**
   * Tells somebody.
   *
   * @param hold once the expression has had results for that long
   * @param linger until it has had none for that long
   */
  record Alert(
      String name,
      String expression,
      Duration hold,
      Duration linger,
      Map<String, String> labels,
      Map<String, String> annotations)
      implements Rule {
    public Alert {
      labels = new LinkedHashMap<>(labels);
      annotations = new LinkedHashMap<>(annotations);
    }
  }
}
