package dev.escala.otlp;

import dev.escala.config.Section;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The section {@code otlp}: where metrics and spans are sent to.
 *
 * @param endpoint of OTLP over HTTP, before {@code /v1/metrics}; without a slash at its end
 * @param headers of each request, such as a token; never printed
 * @param every the time between two sendings of metrics
 * @param metrics whether metrics are sent
 * @param traces whether spans are sent
 */
public record OtlpSettings(
    URI endpoint, Map<String, String> headers, Duration every, boolean metrics, boolean traces) {
  private static final Duration EVERY = Duration.ofSeconds(30);
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  public OtlpSettings {
    headers = Map.copyOf(headers);
  }

  /** Empty where there is no endpoint. */
  public static Optional<OtlpSettings> read(Section section) {
    Duration every = section.duration("every", EVERY);
    if (every.compareTo(SHORTEST) < 0) {
      section.reject("every", "must be at least " + SHORTEST.toSeconds() + "s");
    }
    Map<String, String> headers = section.textsByName("headers");
    boolean metrics = section.flag("metrics", true);
    boolean traces = section.flag("traces", true);
    return section
        .address("endpoint", "http://localhost:4318")
        .map(url -> URI.create(url.toString().replaceAll("/+$", "")))
        .map(endpoint -> new OtlpSettings(endpoint, headers, every, metrics, traces));
  }

  @Override
  public String toString() {
    return "OtlpSettings[" + endpoint + "]";
  }
}
