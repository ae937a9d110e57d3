package dev.escala.access;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which tokens have a good signature. What is known is kept, as long as the keys are the same. Of
 * the header of a token only the algorithm and the name of the key count: it never brings its key.
 */
final class Tokens {
  /** The headers of a request are limited to twice as much. */
  static final int MOST_CHARACTERS = 8 << 10;

  private static final int MOST_KNOWN = 1_000;

  private final KeySet keys;

  // Guarded by itself, for a few instructions.
  private final Map<String, Known> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
          return size() > MOST_KNOWN;
        }
      };

  private record Known(Claims claims, int generation) {}

  Tokens(KeySet keys) {
    this.keys = keys;
  }

  /** The claims of a token that was good before, with the keys that still hold; never blocks. */
  Optional<Claims> known(String token) {
    int generation = keys.current().generation();
    synchronized (known) {
      Known found = known.get(token);
      return found != null && found.generation() == generation
          ? Optional.of(found.claims())
          : Optional.empty();
    }
  }

  /** Checks the signature; may wait for keys. */
  Claims verified(String token) throws TokenRefused {
    SignedJWT signed = parsed(token);
    JWSHeader header = signed.getHeader();
    KeySet.Keys current = keys.current();
    List<JWK> candidates = candidates(header, current);
    if (candidates.isEmpty() && (header.getKeyID() != null || !current.areThere())) {
      current = keys.newerThan(current);
      candidates = candidates(header, current);
    }
    if (candidates.isEmpty()) {
      throw current.areThere() ? TokenRefused.noSuitableKey() : TokenRefused.keysUnavailable();
    }
    if (candidates.stream().noneMatch(key -> Signature.isBy(key, signed))) {
      throw TokenRefused.wrongKey();
    }
    Claims claims = Claims.parse(signed.getPayload().toString());
    synchronized (known) {
      known.put(token, new Known(claims, current.generation()));
    }
    return claims;
  }

  private static SignedJWT parsed(String token) throws TokenRefused {
    if (token.isEmpty()) {
      throw TokenRefused.undecodable("Empty JWT is sent in Authorization header");
    }
    if (token.length() > MOST_CHARACTERS) {
      throw TokenRefused.undecodable(
          "The JWT has more than %d characters".formatted(MOST_CHARACTERS));
    }
    long parts = token.chars().filter(c -> c == '.').count() + 1;
    if (parts != 3) {
      throw TokenRefused.undecodable("Expected 3 parts in JWT; got " + parts);
    }
    try {
      if (JWTParser.parse(token) instanceof SignedJWT signed) {
        return signed;
      }
    } catch (ParseException malformed) {
      throw TokenRefused.undecodable("JWT couldn't be decoded");
    }
    throw TokenRefused.wrongAlgorithm("JWT is unsecured but expected 'alg' was not 'none'");
  }

  /** Those of the type that the algorithm takes, and with the name that the token gives, if any. */
  private static List<JWK> candidates(JWSHeader header, KeySet.Keys current) throws TokenRefused {
    JWKMatcher fitting = isUnderstood(header) ? JWKMatcher.forJWSHeader(header) : null;
    if (fitting == null) {
      throw TokenRefused.wrongAlgorithm(
          "The algorithm %s is not supported".formatted(header.getAlgorithm()));
    }
    List<JWK> candidates = new ArrayList<>();
    for (JWK key : current.all()) {
      if (fitting.matches(key)) {
        candidates.add(key);
      }
    }
    return candidates;
  }

  private static boolean isUnderstood(JWSHeader header) {
    boolean hasCritical =
        header.getCriticalParams() != null && !header.getCriticalParams().isEmpty();
    return !hasCritical
        && header.isBase64URLEncodePayload()
        && !header.getAlgorithm().equals(JWSAlgorithm.ES256K);
  }
}
