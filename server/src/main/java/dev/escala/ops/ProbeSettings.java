package dev.escala.ops;

import dev.escala.config.Section;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code probe}: how the system looks at its own vital signs.
 *
 * @param url where clients reach the API; null: the own listener
 * @param every the time between two looks
 */
public record ProbeSettings(@Nullable URI url, Duration every) {
  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final Duration SHORTEST = Duration.ofMillis(100);

  public static ProbeSettings read(Section section) {
    Duration every = section.duration("every", EVERY);
    if (every.compareTo(SHORTEST) < 0) {
      section.reject("every", "must be at least " + SHORTEST.toMillis() + "ms");
      every = EVERY;
    }
    return new ProbeSettings(url(section), every);
  }

  private static @Nullable URI url(Section section) {
    return section
        .address("url", "https://flights.example.com")
        .map(url -> URI.create(url.toString().replaceAll("/+$", "")))
        .orElse(null);
  }
}
