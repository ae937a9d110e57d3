package dev.escala.ops;

import dev.escala.config.Section;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
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
    Optional<String> text = section.optionalText("url");
    Optional<URI> url = text.flatMap(ProbeSettings::uri);
    if (text.isPresent() && url.isEmpty()) {
      section.reject("url", "must be a URL such as https://flights.example.com");
    }
    return url.orElse(null);
  }

  private static Optional<URI> uri(String text) {
    try {
      return Optional.of(URI.create(text.replaceAll("/+$", "")))
          .filter(uri -> uri.getHost() != null)
          .filter(uri -> "https".equals(uri.getScheme()) || "http".equals(uri.getScheme()));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }
}
