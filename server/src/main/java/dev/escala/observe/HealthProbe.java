package dev.escala.observe;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** One vital sign of the running system, asked for by {@code /health}. */
public interface HealthProbe {

  /** Such as {@code database flights} or {@code source sqs departures}. */
  String name();

  /**
   * Looks now; completes within two seconds, with {@link Status#CRITICAL} where nothing answers.
   */
  CompletionStage<Report> check();

  /** Worst last; unknown is what nobody knows anything about yet, and no reason to act. */
  enum Status {
    OK,
    UNKNOWN,
    WARN,
    CRITICAL;

    private static final Duration SLOW = Duration.ofMillis(200);
    private static final Duration TOO_SLOW = Duration.ofMillis(500);

    /** Up to 200 ms is ok, up to 500 ms a warning, more is critical: for every vital sign alike. */
    public static Status of(Duration answeredAfter) {
      if (answeredAfter.compareTo(TOO_SLOW) > 0) {
        return CRITICAL;
      }
      return answeredAfter.compareTo(SLOW) > 0 ? WARN : OK;
    }

    public Status orWorse(Status other) {
      return compareTo(other) < 0 ? other : this;
    }
  }

  /**
   * What was found.
   *
   * @param details numbers and texts for people and programs; names in snake case, units in the
   *     name
   */
  record Report(Status status, Map<String, Object> details) {
    public Report {
      details = Map.copyOf(details);
    }
  }
}
