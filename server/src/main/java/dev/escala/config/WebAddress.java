package dev.escala.config;

import java.net.URI;
import java.util.Optional;

/** Addresses of servers that speak HTTP. */
public final class WebAddress {
  private WebAddress() {}

  /** Empty where the text is no URL of HTTP or HTTPS with a host. */
  public static Optional<URI> parse(String text) {
    try {
      return Optional.of(URI.create(text))
          .filter(uri -> uri.getHost() != null)
          .filter(uri -> "https".equals(uri.getScheme()) || "http".equals(uri.getScheme()));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }
}
