package dev.escala.access;

import dev.escala.http.ErrorCode;
import dev.escala.http.Problem;
import org.jspecify.annotations.Nullable;

/** A token is not good; the words are those of PostgREST. */
final class TokenRefused extends Exception {
  private static final long serialVersionUID = 1L;
  private static final String NO_KEY = "No suitable key or wrong key type";

  private final transient Problem problem;

  private TokenRefused(Problem problem) {
    super(problem.message(), null, false, false);
    this.problem = problem;
  }

  private TokenRefused(String code, String message, @Nullable String details) {
    this(new Problem(401, code, message, details, null));
  }

  Problem problem() {
    return problem;
  }

  /** Whether the fault is the token's, and not that it cannot be checked now. */
  boolean isOfToken() {
    return problem.status() == 401;
  }

  static TokenRefused noKeysConfigured() {
    return new TokenRefused("PGRST300", "Server lacks JWT secret", null);
  }

  static TokenRefused keysUnavailable() {
    return new TokenRefused(
        Problem.of(
            ErrorCode.ESC006,
            "The keys that tokens are checked with cannot be had now",
            "Try again after the seconds that Retry-After says."));
  }

  /** Which of the three it is tells nothing to who guesses. */
  static TokenRefused badKey() {
    return new TokenRefused(
        Problem.of(
            ErrorCode.ESC141,
            "The API key is unknown, revoked or expired",
            "escala keys list shows which there are."));
  }

  static TokenRefused undecodable(String message) {
    return new TokenRefused("PGRST301", message, null);
  }

  static TokenRefused noSuitableKey() {
    return new TokenRefused("PGRST301", NO_KEY, "No suitable key was found to decode the JWT");
  }

  static TokenRefused wrongKey() {
    return new TokenRefused("PGRST301", NO_KEY, "None of the keys was able to decode the JWT");
  }

  static TokenRefused wrongAlgorithm(String details) {
    return new TokenRefused("PGRST301", "Wrong or unsupported encoding algorithm", details);
  }

  static TokenRefused claims(String message) {
    return new TokenRefused("PGRST303", message, null);
  }
}
