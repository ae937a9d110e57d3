package dev.escala.monitoring;

import java.util.Map;

/**
 * One series of an answer.
 *
 * @param labels with the name of the metric as {@code __name__}, where it has one
 * @param value the latest; NaN where that is no number
 * @param numbers how many of its values are numbers
 */
public record Series(Map<String, String> labels, double value, int numbers) {
  public Series {
    labels = Map.copyOf(labels);
  }

  /** The label, or an empty text. */
  public String label(String name) {
    return labels.getOrDefault(name, "");
  }
}
