package dev.escala.store.postgres;

import dev.escala.config.Section;
import java.time.Duration;

/**
 * For how long dead letters are kept; zero is for good.
 *
 * @param retain those that are open, since they were last seen
 * @param retainSettled those that are resolved or discarded, since they are
 */
public record LetterSettings(Duration retain, Duration retainSettled) {
  private static final Duration SETTLED = Duration.ofDays(90);

  /** Over a night, so that somebody has seen them. */
  private static final Duration SHORTEST = Duration.ofDays(1);

  /** Reads {@code retain} and {@code retain-settled}. */
  public static LetterSettings read(Section section) {
    return new LetterSettings(
        time(section, "retain", Duration.ZERO), time(section, "retain-settled", SETTLED));
  }

  private static Duration time(Section section, String key, Duration otherwise) {
    Duration time = section.duration(key, otherwise);
    if (!time.isZero() && time.compareTo(SHORTEST) < 0) {
      section.reject(key, "must be at least 1d, or 0s for good");
    }
    return time;
  }
}
