package dev.escala.access;

import dev.escala.config.Section;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Which tokens are good: {@code auth.jwt}.
 *
 * @param secret shared with who signs, or a key or a set of keys as JSON; empty if there is none
 * @param isBase64 whether the secret stands for octets
 * @param jwks where the keys of who signs are, a file or an address
 * @param audience that a token has to be for, where it says for whom it is
 * @param roleClaim where in the claims the role stands, a JSONPath
 */
public record JwtSettings(
    String secret,
    boolean isBase64,
    Optional<URI> jwks,
    Optional<String> audience,
    String roleClaim) {
  private static final String FILE = "file:";
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  static JwtSettings read(Section section) {
    JwtSettings settings =
        new JwtSettings(
            section.optionalText("secret").map(text -> secret(section, text)).orElse(""),
            section.flag("secret-is-base64", false),
            section.optionalText("jwks").flatMap(text -> address(section, text)),
            section.optionalText("audience"),
            section.text("role-claim", "$.role"));
    settings.check(section);
    return settings;
  }

  private void check(Section section) {
    if (secret.isEmpty() == jwks.isEmpty()) {
      section.reject("secret", "is needed, or jwks, but not both");
    }
    try {
      RolePath.parse(roleClaim);
    } catch (IllegalArgumentException malformed) {
      section.reject("role-claim", String.valueOf(malformed.getMessage()));
    }
    try {
      if (!secret.isEmpty()) {
        KeyText.ofSecret(secret, isBase64);
      }
    } catch (IllegalArgumentException unusable) {
      section.reject("secret", String.valueOf(unusable.getMessage()));
    }
  }

  private static String secret(Section section, String text) {
    if (!text.startsWith(FILE)) {
      return text;
    }
    try {
      return Files.readString(Path.of(text.substring(FILE.length()))).strip();
    } catch (IOException unreadable) {
      section.reject("secret", "names a file that cannot be read: " + unreadable.getMessage());
      return "";
    }
  }

  /** Who can change the keys on their way can sign any token. */
  private static Optional<URI> address(Section section, String text) {
    try {
      URI address = URI.create(text);
      boolean isSafe =
          FILE.equals(address.getScheme() + ":")
              || "https".equals(address.getScheme())
              || ("http".equals(address.getScheme()) && LOOPBACK.contains(address.getHost()));
      if (isSafe) {
        return Optional.of(address);
      }
    } catch (IllegalArgumentException malformed) {
      // told below
    }
    section.reject("jwks", "must be https://… or file:/…, not " + text);
    return Optional.of(URI.create("file:/none"));
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "JwtSettings[jwks=%s, audience=%s, roleClaim=%s]".formatted(jwks, audience, roleClaim);
  }
}
