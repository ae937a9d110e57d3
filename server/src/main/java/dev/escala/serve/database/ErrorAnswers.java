package dev.escala.serve.database;

import dev.escala.http.Denial;
import dev.escala.http.ErrorCode;
import dev.escala.http.Exchange;
import dev.escala.http.Problem;
import dev.escala.model.Suggestion;
import dev.escala.observe.Observation;
import dev.escala.observe.Observer;
import dev.escala.query.QueryRefused;
import java.util.Collection;

/** Error answers of the read side. */
public final class ErrorAnswers {
  private static final int RETRY_AFTER_SECONDS = 1;
  private static final String METHODS = "OPTIONS,GET,HEAD";
  private static final String CALLS = "OPTIONS,GET,HEAD,POST";
  private static final int UNKNOWN = 401;

  private ErrorAnswers() {}

  /** Answers with what the failure means to the client; reports what is our fault. */
  public static void failed(Exchange exchange, Throwable failure, Observer observer) {
    if (failure instanceof QueryRefused refused) {
      answer(exchange, DatabaseErrors.to(exchange.caller(), DatabaseErrors.of(refused)));
      return;
    }
    Problem problem = DatabaseErrors.to(exchange.caller(), DatabaseErrors.of(failure));
    if (DatabaseErrors.isOurs(failure, problem)) {
      observer.observed(new Observation.RequestFailed(exchange.route(), failure, exchange.trace()));
    }
    RaisedAnswer.of(failure).ifPresent(raised -> raised.prepare(exchange));
    answer(exchange, problem);
  }

  /** The same for SQL of a client. */
  public static void failedSql(Exchange exchange, Throwable failure, Observer observer) {
    Problem problem = DatabaseErrors.to(exchange.caller(), DatabaseErrors.ofSql(failure));
    if (DatabaseErrors.isOurs(failure, problem) || DatabaseErrors.isAlarming(failure)) {
      observer.observed(new Observation.RequestFailed(exchange.route(), failure, exchange.trace()));
    }
    RaisedAnswer.of(failure).ifPresent(raised -> raised.prepare(exchange));
    answer(exchange, problem);
  }

  private static void answer(Exchange exchange, Problem problem) {
    if (problem.status() == UNKNOWN) {
      Denial.challenge(exchange);
    }
    if (problem.code().equals(ErrorCode.ESC005.name())) {
      exchange.refuse(problem, RETRY_AFTER_SECONDS);
    } else if (problem.status() == ErrorCode.ESC001.status()) {
      exchange.problem(problem, RETRY_AFTER_SECONDS);
    } else {
      exchange.problem(problem);
    }
  }

  /** More comes than is done; nothing of the request was looked at. */
  public static void overloaded(Exchange exchange) {
    answer(exchange, DatabaseErrors.overloaded());
  }

  public static void unavailable(Exchange exchange) {
    answer(exchange, DatabaseErrors.unavailable());
  }

  /** The replica may be further behind than max-lag. */
  public static void behind(Exchange exchange) {
    exchange.problem(
        Problem.of(
            ErrorCode.ESC167,
            "What would be read may be older than max-lag allows",
            "The replica is behind, or the server that it follows does not answer; try again."),
        RETRY_AFTER_SECONDS);
  }

  public static void unknownDatabase(Exchange exchange, String name, Collection<String> known) {
    String hint =
        Suggestion.nearest(name, known)
            .map("Perhaps you meant the database '%s'."::formatted)
            .orElse("GET / lists the databases.");
    exchange.problem(
        Problem.of(ErrorCode.ESC102, "There is no database '%s'".formatted(name), hint));
  }

  /** Below a database there are relations, and nothing below these. */
  public static void noSuchPath(Exchange exchange) {
    exchange.problem(
        new Problem(404, "PGRST125", "Invalid path specified in request URL", null, null));
  }

  /** What may be asked of a relation or of a database, where that is asked. */
  public static void options(Exchange exchange) {
    options(exchange, METHODS);
  }

  private static void options(Exchange exchange, String allowed) {
    if (exchange.header("Origin") == null) {
      exchange.with("Access-Control-Allow-Origin", "*");
    }
    exchange.with("Allow", allowed).empty();
  }

  /** Nothing of a database can be changed through it. */
  public static void unsupportedMethod(Exchange exchange) {
    exchange
        .with("Allow", METHODS)
        .problem(
            new Problem(
                405,
                "PGRST117",
                "Unsupported HTTP method: " + exchange.method(),
                null,
                "POST /topics/{topic} publishes; a database is only read."));
  }

  /** Functions are called by reading and by POST. */
  public static void unsupportedCall(Exchange exchange) {
    exchange
        .with("Allow", CALLS)
        .problem(
            new Problem(
                405,
                "PGRST101",
                "Cannot use the %s method on RPC".formatted(exchange.method()),
                null,
                null));
  }

  /** What may be done with a function. */
  public static void callOptions(Exchange exchange) {
    options(exchange, CALLS);
  }

  public static void unknownRelation(
      Exchange exchange, String schema, CatalogKeeper.Loaded loaded) {
    String name = exchange.path().get(1);
    String hint =
        loaded
            .catalog()
            .nearest(schema, name)
            .map(near -> "Perhaps you meant the table '%s.%s'".formatted(schema, near))
            .orElse("GET /%s lists the relations.".formatted(exchange.path().getFirst()));
    exchange.problem(
        new Problem(
            404,
            "PGRST205",
            "Could not find the table '%s.%s' in the schema cache".formatted(schema, name),
            null,
            hint));
  }

  /** Nothing is said of why: the log does, to those who can help. */
  public static void misfittingQuery(Exchange exchange, String query) {
    exchange.problem(
        Problem.of(
            ErrorCode.ESC146,
            "The published query '%s' does not fit the database".formatted(query),
            "The server's log says why, and escala check --live."));
  }

  public static void unknownSchema(Exchange exchange, String schema, CatalogKeeper.Loaded loaded) {
    exchange.problem(
        new Problem(
            406,
            "PGRST106",
            "Invalid schema: " + schema,
            null,
            "Only the following schemas are exposed: "
                + String.join(", ", loaded.catalog().schemas())));
  }
}
