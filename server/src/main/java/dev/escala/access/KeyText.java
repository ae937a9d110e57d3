package dev.escala.access;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Base64;
import java.util.List;

/** Keys that tokens are checked with, as they are written down. */
final class KeyText {
  private static final int SHORTEST_SECRET = 32;

  private KeyText() {}

  /**
   * A text, octets in base64, a JWK or a set of JWKs.
   *
   * @throws IllegalArgumentException if no key can be made of it; the message does not show it
   */
  static List<JWK> ofSecret(String secret, boolean isBase64) {
    if (secret.startsWith("{")) {
      return ofJson(secret);
    }
    byte[] octets = isBase64 ? decoded(secret) : secret.getBytes(StandardCharsets.UTF_8);
    if (octets.length < SHORTEST_SECRET) {
      throw new IllegalArgumentException(
          "must have at least %d %s"
              .formatted(SHORTEST_SECRET, isBase64 ? "octets" : "characters"));
    }
    return List.of(new OctetSequenceKey.Builder(octets).build());
  }

  private static byte[] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64.replace('-', '+').replace('_', '/'));
    } catch (IllegalArgumentException malformed) {
      throw new IllegalArgumentException("is not base64", malformed);
    }
  }

  /** A JWK or a set of them, such as a JWKS endpoint answers. */
  static List<JWK> ofJson(String json) {
    try {
      boolean isSet = JSONObjectUtils.parse(json).containsKey("keys");
      return isSet ? JWKSet.parse(json).getKeys() : List.of(JWK.parse(json));
    } catch (ParseException malformed) {
      throw new IllegalArgumentException("is no JWK and no set of JWKs", malformed);
    }
  }
}
