package dev.escala.http;

import dev.escala.config.Section;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Pages of which origins may read answers.
 *
 * @param origins such as {@code https://app.example.org}; empty for all, which then bring no
 *     credentials
 */
public record CorsSettings(List<String> origins) {
  /** Every page may read what needs no credentials. */
  public static final CorsSettings ANY = new CorsSettings(List.of());

  private static final Pattern ORIGIN = Pattern.compile("[a-z][a-z0-9+.-]*://[^/\\s,]+");

  public CorsSettings {
    origins = List.copyOf(origins);
  }

  /** Reads {@code http.cors}. */
  public static CorsSettings read(Section section) {
    List<String> origins = section.texts("cors");
    for (String origin : origins) {
      if (!ORIGIN.matcher(origin).matches()) {
        section.reject(
            "cors", "must list origins such as https://app.example.org, without a path: " + origin);
      }
    }
    return new CorsSettings(origins);
  }

  boolean allows(String origin) {
    return origins.isEmpty() || origins.contains(origin);
  }

  /** Whether pages may bring credentials: only those that are named. */
  boolean credentials() {
    return !origins.isEmpty();
  }
}
