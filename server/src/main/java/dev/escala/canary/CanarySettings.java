package dev.escala.canary;

import dev.escala.config.Section;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code canary}.
 *
 * @param every the time between two markers of a topic
 * @param patience how long a marker may take while nothing holds it up
 * @param keep how long markers stay in the database
 * @param key what markers are signed with; null: a key that each database keeps
 */
public record CanarySettings(
    boolean enabled, Duration every, Duration patience, Duration keep, @Nullable MarkerKey key) {
  private static final Duration EVERY = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration KEEP = Duration.ofHours(1);
  private static final int SHORTEST_SECRET = 16;

  public static CanarySettings read(Section section) {
    return new CanarySettings(
        section.flag("enabled", true),
        atLeast(section, "every", EVERY, Duration.ofMillis(100)),
        atLeast(section, "patience", PATIENCE, Duration.ofSeconds(1)),
        atLeast(section, "keep", KEEP, Duration.ofMinutes(1)),
        key(section));
  }

  private static Duration atLeast(
      Section section, String name, Duration otherwise, Duration least) {
    Duration duration = section.duration(name, otherwise);
    if (duration.compareTo(least) < 0) {
      section.reject(name, "must be at least " + least.toMillis() + "ms");
      return otherwise;
    }
    return duration;
  }

  private static @Nullable MarkerKey key(Section section) {
    String secret = section.text("secret", "");
    if (secret.isEmpty()) {
      return null;
    }
    if (secret.length() < SHORTEST_SECRET) {
      section.reject("secret", "must have at least " + SHORTEST_SECRET + " characters");
    }
    return MarkerKey.of(secret.getBytes(StandardCharsets.UTF_8));
  }
}
