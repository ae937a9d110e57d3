package dev.escala.backfill;

import java.util.ArrayList;
import java.util.List;

/**
 * What became of the messages of a file.
 *
 * @param rejections the first few, one sentence each
 */
public record Loaded(long stored, long duplicates, long rejected, List<String> rejections) {
  public static final Loaded NOTHING = new Loaded(0, 0, 0, List.of());

  private static final int TOLD = 10;

  public Loaded {
    rejections = List.copyOf(rejections);
  }

  /** All that have an outcome. */
  public long messages() {
    return stored + duplicates + rejected;
  }

  /** Both together; of the rejections the first few. */
  Loaded plus(Loaded other) {
    List<String> told = new ArrayList<>(rejections);
    other.rejections.stream().limit(Math.max(0, TOLD - told.size())).forEach(told::add);
    return new Loaded(
        stored + other.stored, duplicates + other.duplicates, rejected + other.rejected, told);
  }
}
