package dev.escala.serve;

import dev.escala.http.ErrorCode;
import dev.escala.http.Problem;
import dev.escala.query.QueryRefused;
import io.vertx.pgclient.PgException;
import java.util.Set;

/** The one place where SQLSTATE becomes an HTTP status, as PostgREST does it. */
final class DatabaseErrors {
  private static final Set<String> STALE = Set.of("0A000", "42703", "42P01", "42704");

  private DatabaseErrors() {}

  static Problem of(QueryRefused refused) {
    return new Problem(
        refused.status(), refused.code(), refused.message(), refused.details(), refused.hint());
  }

  /**
   * What the client is told of a failure; nothing of its text where the fault is not the client's.
   */
  static Problem of(Throwable failure) {
    if (!(failure instanceof PgException refused)) {
      return unavailable();
    }
    String state = refused.getSqlState();
    int status = status(state);
    if (status == 503) {
      return unavailable();
    }
    if (state.equals("57014")) {
      return new Problem(
          status,
          state,
          "The statement was cancelled",
          null,
          "It may have run into its time limit.");
    }
    if (status >= 500) {
      return new Problem(status, state, "The database failed", null, null);
    }
    return new Problem(
        status,
        state,
        String.valueOf(refused.getErrorMessage()),
        refused.getDetail(),
        refused.getHint());
  }

  static Problem unavailable() {
    return Problem.of(ErrorCode.ESC001, "The database does not answer", "Try again in a second.");
  }

  /** Whether the failure may come from a catalog that is older than the database. */
  static boolean isStale(Throwable failure) {
    return failure instanceof PgException refused && STALE.contains(refused.getSqlState());
  }

  /** Whether a prepared statement no longer fits the table that it reads. */
  static boolean isChangedResult(Throwable failure) {
    return failure instanceof PgException refused && refused.getSqlState().equals("0A000");
  }

  /** Whether somebody on our side should hear of it. */
  static boolean isOurs(Throwable failure) {
    return !(failure instanceof PgException refused) || status(refused.getSqlState()) >= 500;
  }

  private static int status(String state) {
    return switch (state) {
      case "42501" -> 403;
      case "42883", "42P01" -> 404;
      case "25006" -> 405;
      case "23503", "23505" -> 409;
      case "21000", "42P17", "53400" -> 500;
      case "57P01", "57P02", "57P03" -> 503;
      case "P0001" -> 400;
      default -> statusOfClass(state.substring(0, 2));
    };
  }

  private static int statusOfClass(String stateClass) {
    return switch (stateClass) {
      case "08", "53" -> 503;
      case "0L", "0P", "28" -> 403;
      case "09",
          "25",
          "2D",
          "38",
          "39",
          "3B",
          "40",
          "54",
          "55",
          "57",
          "58",
          "P0",
          "F0",
          "HV",
          "XX" ->
          500;
      default -> 400;
    };
  }
}
