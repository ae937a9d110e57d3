package dev.escala.source.http;

import dev.escala.http.ErrorCode;
import dev.escala.http.Problem;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request that is not taken, and what its client is told. */
final class RequestRefused extends Exception {
  private static final long serialVersionUID = 1L;

  private static final Set<String> FOR_NOW =
      Set.of(ErrorCode.ESC113.name(), ErrorCode.ESC131.name());

  private final transient Problem problem;
  private final int retryAfterSeconds;

  RequestRefused(ErrorCode code, String message, @Nullable String hint) {
    this(Problem.of(code, message, hint), 0);
  }

  /** To be tried again after so many seconds. */
  RequestRefused(Problem problem, int retryAfterSeconds) {
    super(problem.message(), null, false, false);
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** Nothing failed, but others have all that there is. */
  static RequestRefused forNow(String message) {
    return new RequestRefused(
        Problem.of(ErrorCode.ESC113, message, "Try again after the seconds that Retry-After says."),
        1);
  }

  /** Whether it is a matter of how much is going on, and not of the request or a failure. */
  boolean isForNow() {
    return FOR_NOW.contains(problem.code());
  }

  Problem problem() {
    return problem;
  }

  int retryAfterSeconds() {
    return retryAfterSeconds;
  }
}
