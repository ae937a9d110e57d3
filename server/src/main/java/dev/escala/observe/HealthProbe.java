package dev.escala.observe;

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

  /** Worst last. */
  enum Status {
    OK,
    WARN,
    CRITICAL
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
