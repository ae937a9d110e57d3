package dev.escala.serve.database;

import dev.escala.http.ErrorCode;
import dev.escala.http.Problem;
import io.vertx.pgclient.PgException;
import java.util.Set;
import java.util.regex.Pattern;

/** What Citus says of questions about tables that stand on its workers. */
final class DistributedErrors {
  /** What it cannot do it calls one of these; XX000 is also what a broken server says. */
  private static final Set<String> REFUSED = Set.of("0A000", "XX000");

  /** The files of its planners, which those of PostgreSQL are not called like. */
  private static final Pattern PLANNERS = Pattern.compile("(multi_\\w+|\\w+_plann(er|ing))\\.c");

  private DistributedErrors() {}

  /** Whether Citus cannot answer it, whoever asks. */
  static boolean isOfQuestion(PgException refused) {
    String file = refused.getFile();
    return REFUSED.contains(refused.getSqlState())
        && file != null
        && PLANNERS.matcher(file).matches();
  }

  static Problem unanswerable(PgException refused) {
    return Problem.of(
            ErrorCode.ESC161,
            "Tables that stand on several servers cannot be asked so",
            "Join and embed by _id, filter by a key, or ask with several requests.")
        .withDetails(String.valueOf(refused.getErrorMessage()));
  }

  /**
   * Whether the server that was asked lacks another one: it answered, or nobody would say so. What
   * stands between may speak of itself, by 08P01.
   */
  static boolean isOfWorker(PgException refused) {
    String state = refused.getSqlState();
    return state.startsWith("08") && !state.equals("08P01");
  }

  static Problem workerAway() {
    return Problem.of(
        ErrorCode.ESC162,
        "A server that holds a part of this does not answer",
        "Rows by key are read where others hold them; try again in a second.");
  }
}
