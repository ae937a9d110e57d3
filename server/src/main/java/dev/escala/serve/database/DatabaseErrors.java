package dev.escala.serve.database;

import dev.escala.http.ErrorCode;
import dev.escala.http.Problem;
import dev.escala.model.Caller;
import dev.escala.query.ColumnType;
import dev.escala.query.QueryRefused;
import dev.escala.serve.rows.RowWriter;
import dev.escala.serve.rows.UnfitValue;
import io.vertx.core.VertxException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one place where SQLSTATE becomes an HTTP status, as PostgREST does it; but what comes right
 * by itself (locks, conflicts) is a 503, running too long a 504, and a limit of PostgreSQL that a
 * request exceeds (54) the fault of the request.
 */
public final class DatabaseErrors {
  /** The statement names only what the catalog knows, so the catalog is wrong. */
  private static final Set<String> STALE = Set.of("0A000", "42703", "42846", "42P01");

  /** Either the catalog is wrong or the request. */
  private static final Set<String> PERHAPS_STALE = Set.of("22P02", "42704", "42883");

  /** It stops, has crashed, or has not started yet. */
  private static final Set<String> GOING = Set.of("57P01", "57P02", "57P03");

  private static final Set<String> CONFLICTS = Set.of("40001", "40P01");

  /** A name as it stands in a message of any language, without the schema. */
  private static final Pattern NAME = Pattern.compile("[\\w$-]+");

  private static final String FAILED = "The database failed";

  private DatabaseErrors() {}

  /** Whether one of these tables is what is missing; which it is stands in the message alone. */
  static boolean isMissingTable(PgException refused, Set<String> tables) {
    return "42P01".equals(refused.getSqlState())
        && NAME.matcher(refused.getErrorMessage())
            .results()
            .map(MatchResult::group)
            .anyMatch(tables::contains);
  }

  public static Problem of(QueryRefused refused) {
    return new Problem(
        refused.status(), refused.code(), refused.message(), refused.details(), refused.hint());
  }

  /**
   * What the client is told of a failure; nothing of its text where the fault is not the client's.
   */
  public static Problem of(Throwable failure) {
    if (!(failure instanceof PgException refused)) {
      return notRefused(failure);
    }
    Optional<RaisedAnswer> raised = RaisedAnswer.of(refused);
    if (raised.isPresent()) {
      return raised.get().problem();
    }
    if (holdsTooMany(refused)) {
      return Problem.of(
          ErrorCode.ESC126,
          "More rows of an embedded relation belong to one row than an answer holds",
          "Limit them, as by rel.limit=1000, or read that relation by itself.");
    }
    if (hasDimensions(refused)) {
      return unfit("An array has several dimensions, and lists of values have one");
    }
    if (isConflict(refused)) {
      return conflict();
    }
    if (DistributedErrors.isOfQuestion(refused)) {
      return DistributedErrors.unanswerable(refused);
    }
    String state = refused.getSqlState();
    int status = status(state);
    if (status == 503) {
      return unavailable(refused);
    }
    if (state.equals("57014")) {
      return new Problem(
          status,
          state,
          "The statement was cancelled",
          null,
          "It may have run into its time limit. Filter by an indexed column, or read fewer rows.");
    }
    return status < 500 ? told(status, refused) : new Problem(status, state, FAILED, null, null);
  }

  private static boolean holdsTooMany(PgException refused) {
    return "22P02".equals(refused.getSqlState())
        && String.valueOf(refused.getDetail()).contains('"' + QueryRefused.TOO_MANY_HELD + '"');
  }

  private static boolean hasDimensions(PgException refused) {
    return "22P02".equals(refused.getSqlState())
        && String.valueOf(refused.getErrorMessage()).contains('"' + ColumnType.DIMENSIONS);
  }

  private static Problem unfit(String message) {
    return Problem.of(
        ErrorCode.ESC152,
        message,
        "Ask for it as text (select=column::text), or leave such rows out.");
  }

  /**
   * What the client is told of SQL of its own. All but what hinders every statement is the fault of
   * this one, whatever class PostgreSQL gives it.
   */
  static Problem ofSql(Throwable failure) {
    if (!(failure instanceof PgException refused)) {
      return notRefused(failure);
    }
    Optional<RaisedAnswer> raised = RaisedAnswer.of(refused);
    if (raised.isPresent()) {
      return raised.get().problem();
    }
    if (hasDimensions(refused) || isConflict(refused) || DistributedErrors.isOfQuestion(refused)) {
      return of(refused);
    }
    if (status(refused.getSqlState()) == 503) {
      return unavailable(refused);
    }
    return switch (refused.getSqlState()) {
      case "42501" -> told(403, refused);
      case "25006" -> told(400, refused, "SQL over HTTP only reads; publish to a topic to write.");
      case "42P08", "42P18" ->
          told(400, refused, "Give the parameter a type where it stands first: :name::text.");
      default -> told(400, refused);
    };
  }

  /** The same to a caller who is asked who it is: what nobody may, somebody might. */
  static Problem to(Caller caller, Problem problem) {
    boolean isUnknownRole = problem.code().equals("22023") && isAboutRole(problem.message());
    boolean isForSomebody = problem.code().equals("42501") && caller.isAnonymous();
    return !caller.isAnybody() && (isUnknownRole || isForSomebody)
        ? new Problem(401, problem.code(), problem.message(), problem.details(), problem.hint())
        : problem;
  }

  private static boolean isAboutRole(String message) {
    return message.startsWith("role \"") && message.endsWith("\" does not exist");
  }

  /** The connection was lost, or there was none; anything else is a fault of this program. */
  private static Problem notRefused(Throwable failure) {
    return switch (failure) {
      case BoundedPool.Busy busy -> busy(busy);
      case UnknownRole ignored ->
          new Problem(400, "22023", "role \"none\" does not exist", null, null);
      case ResponseSettings.Malformed malformed -> malformed.problem();
      case DatabaseReads.Overloaded ignored -> overloaded();
      case ConnectionPoolTooBusyException ignored -> overloaded();
      case VertxException ignored -> unavailable();
      case RowWriter.ChangedType ignored -> unavailable();
      case UnfitValue unfit -> unfit(String.valueOf(unfit.getMessage()));
      case NoRoom ignored -> noRoom();
      case RuntimeException ignored ->
          Problem.of(ErrorCode.ESC000, "Something failed on our side", null);
      default -> unavailable();
    };
  }

  private static Problem busy(BoundedPool.Busy busy) {
    return Problem.of(
        ErrorCode.ESC005,
        "Other requests use " + busy.what(),
        "Try again after the seconds that Retry-After says; reads by key, and those of at most"
            + " 1,000 rows (limit=1000), need none.");
  }

  private static Problem noRoom() {
    return Problem.of(
        ErrorCode.ESC005,
        "Answers that are made use all the memory that there is for them",
        "Try again after the seconds that Retry-After says.");
  }

  static Problem overloaded() {
    return Problem.of(
        ErrorCode.ESC005,
        "Other requests use all that the database does at once",
        "Try again after the seconds that Retry-After says.");
  }

  private static Problem told(int status, PgException refused) {
    return told(status, refused, refused.getHint());
  }

  private static Problem told(int status, PgException refused, @Nullable String hint) {
    return new Problem(
        status,
        refused.getSqlState(),
        String.valueOf(refused.getErrorMessage()),
        refused.getDetail(),
        hint);
  }

  private static Problem unavailable(PgException refused) {
    return DistributedErrors.isOfWorker(refused) ? DistributedErrors.workerAway() : unavailable();
  }

  public static Problem unavailable() {
    return Problem.of(ErrorCode.ESC001, "The database does not answer", "Try again in a second.");
  }

  private static Problem conflict() {
    return Problem.of(
        ErrorCode.ESC153,
        "The database cancelled the read for a change of what it reads, twice",
        "Try again; a read that takes less time is less in the way.");
  }

  /**
   * Whether a statement was cancelled for what others did, so that the same one may succeed at
   * once: a standby replayed what it was in the way of (conflict with recovery), it could not be
   * serialized, or it was part of a deadlock.
   */
  static boolean isConflict(Throwable failure) {
    return failure instanceof PgException refused && CONFLICTS.contains(refused.getSqlState());
  }

  /** Whether the server went away, or would not have the connection; another one may be there. */
  static boolean isLost(Throwable failure) {
    return switch (failure) {
      case PgException refused ->
          refused.getSqlState().startsWith("08") || GOING.contains(refused.getSqlState());
      case ConnectionPoolTooBusyException ignored -> false;
      case VertxException ignored -> true;
      default -> failure instanceof IOException;
    };
  }

  /**
   * Whether the answer is a failure of the service: not where other requests use all that there is,
   * nor where a statement ran into the time limit that a reader's conditions have to fit, nor where
   * a function raised the answer.
   */
  public static boolean isOurs(Throwable failure, Problem problem) {
    return problem.status() >= 500
        && !problem.code().equals(ErrorCode.ESC005.name())
        && !ReadTransaction.isCancellation(failure)
        && RaisedAnswer.of(failure).filter(RaisedAnswer::isMeant).isEmpty();
  }

  /** Whether the failure comes from a catalog that is older than the database. */
  public static boolean isStale(Throwable failure) {
    return failure instanceof RowWriter.ChangedType
        || (failure instanceof PgException refused
            && STALE.contains(refused.getSqlState())
            && !DistributedErrors.isOfQuestion(refused));
  }

  /** Whether it may come from there, or from the request. */
  public static boolean isPerhapsStale(Throwable failure) {
    return failure instanceof PgException refused && PERHAPS_STALE.contains(refused.getSqlState());
  }

  /** Whether it only says that a statement before it in the transaction failed. */
  public static boolean isBehindAnother(Throwable failure) {
    return failure instanceof PgException refused && refused.getSqlState().equals("25P02");
  }

  /**
   * Whether a statement of which the database knew the role alone may succeed once it knows more:
   * its relation may have policies now (see {@code ReadPlanner.plain}). These are met with 22012,
   * or fail before it while the statement is planned, with whatever they raise where nothing is
   * said of the request.
   */
  static boolean isNotPlain(Throwable failure) {
    return failure instanceof PgException
        && !ReadTransaction.isCancellation(failure)
        && !isConflict(failure);
  }

  /** Whether an error may mean that the database is damaged, whoever met it. */
  static boolean isAlarming(Throwable failure) {
    return failure instanceof PgException refused
        && (refused.getSqlState().startsWith("XX") || refused.getSqlState().startsWith("58"))
        && !DistributedErrors.isOfQuestion(refused);
  }

  private static int status(String state) {
    return switch (state) {
      case "42501" -> 403;
      case "42883", "42P01" -> 404;
      case "25006" -> 405;
      case "23503", "23505" -> 409;
      case "21000", "42P17", "53400" -> 500;
      case "25P03", "55P03", "57P01", "57P02", "57P03", "57P05" -> 503;
      case "57014" -> 504;
      case "P0001" -> 400;
      default -> statusOfClass(state.substring(0, 2));
    };
  }

  private static int statusOfClass(String stateClass) {
    return switch (stateClass) {
      case "08", "40", "53" -> 503;
      case "0L", "0P", "28" -> 403;
      case "09", "25", "2D", "38", "39", "3B", "55", "57", "58", "P0", "PT", "F0", "HV", "XX" ->
          500;
      default -> 400;
    };
  }
}
