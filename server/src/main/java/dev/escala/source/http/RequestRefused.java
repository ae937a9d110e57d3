package dev.escala.source.http;

import dev.escala.http.ErrorCode;
import dev.escala.http.Problem;
import org.jspecify.annotations.Nullable;

/** A request that is not taken, and what its client is told. */
final class RequestRefused extends Exception {
  private static final long serialVersionUID = 1L;

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

  Problem problem() {
    return problem;
  }

  int retryAfterSeconds() {
    return retryAfterSeconds;
  }
}
