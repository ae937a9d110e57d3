package dev.escala.query;

import java.util.List;

/**
 * A column, or a place inside of its JSON value.
 *
 * @param path empty for the column itself
 */
public record Field(String column, List<Step> path) {

  /**
   * One step into a JSON value.
   *
   * @param asText {@code ->>} instead of {@code ->}
   * @param operand a key, or the digits of an index
   */
  public record Step(boolean asText, boolean isIndex, String operand) {}

  public Field {
    path = List.copyOf(path);
  }

  /** The key of the output: the column, or the last operand that is a key. */
  String outputName() {
    for (Step step : path.reversed()) {
      if (!step.isIndex()) {
        return step.operand();
      }
    }
    return column;
  }
}
