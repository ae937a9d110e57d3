package dev.escala.serve.mcp;

import dev.escala.http.Problem;

/** The arguments of a tool are not as it takes them. */
final class ArgumentRefused extends Exception {
  private static final long serialVersionUID = 1L;
  private final transient Problem problem;

  ArgumentRefused(Problem problem) {
    super(problem.message(), null, false, false);
    this.problem = problem;
  }

  Problem problem() {
    return problem;
  }
}
