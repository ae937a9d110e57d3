package dev.escala.http;

/** The answers to those who may not do what they ask for. */
public final class Denial {
  private static final String AUTHENTICATE = "WWW-Authenticate";
  private static final String SCHEME = "Bearer";

  private Denial() {}

  /**
   * They are known and may not, or nobody knows them and they have to say who they are.
   *
   * @param what they may not do, such as {@code publish to the topic a}
   */
  public static void answer(Exchange exchange, String what) {
    if (exchange.caller().isAnonymous()) {
      unknown(exchange);
    } else {
      exchange.problem(
          Problem.of(
              ErrorCode.ESC140,
              "This key or role may not " + what,
              "docs/authentication.md says how rights are given."));
    }
  }

  /** Nothing was shown that says who asks, and without it this is not answered. */
  public static void unknown(Exchange exchange) {
    challenge(exchange)
        .problem(new Problem(401, "PGRST302", "Anonymous access is disabled", null, null));
  }

  /** Tells the client how to say who it is. */
  public static Exchange challenge(Exchange exchange) {
    return exchange.with(AUTHENTICATE, SCHEME);
  }

  /** What was shown is not good, which is told in the words of the problem. */
  public static void invalid(Exchange exchange, Problem problem) {
    exchange
        .with(
            AUTHENTICATE,
            "%s error=\"invalid_token\", error_description=\"%s\""
                .formatted(SCHEME, problem.message().replace('"', '\'')))
        .problem(problem);
  }
}
