package dev.escala.publish;

import java.util.ArrayList;
import java.util.List;

/**
 * What became of messages.
 *
 * @param accepted those whose fate only the topic's consumer will know
 * @param rejections one sentence each, at most {@link #TOLD} of them
 */
public record Summary(
    long accepted, long stored, long duplicates, long rejected, List<String> rejections) {
  public static final Summary NONE = new Summary(0, 0, 0, 0, List.of());
  private static final int TOLD = 10;

  /** Both together; of the rejections the first few. */
  public Summary plus(Summary other) {
    List<String> told = new ArrayList<>(rejections);
    other.rejections.stream().limit(Math.max(0, TOLD - told.size())).forEach(told::add);
    return new Summary(
        accepted + other.accepted,
        stored + other.stored,
        duplicates + other.duplicates,
        rejected + other.rejected,
        told);
  }

  /** All of them. */
  public long messages() {
    return accepted + stored + duplicates + rejected;
  }
}
