package dev.escala.serve.database;

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

  private ErrorAnswers() {}

  /** Answers with what the failure means to the client; reports what is our fault. */
  public static void failed(Exchange exchange, Throwable failure, Observer observer) {
    if (failure instanceof QueryRefused refused) {
      exchange.problem(DatabaseErrors.of(refused));
      return;
    }
    Problem problem = DatabaseErrors.of(failure);
    if (DatabaseErrors.isOurs(failure, problem)) {
      observer.observed(new Observation.RequestFailed(exchange.route(), failure));
    }
    answer(exchange, problem);
  }

  /** The same for SQL of a client. */
  public static void failedSql(Exchange exchange, Throwable failure, Observer observer) {
    Problem problem = DatabaseErrors.ofSql(failure);
    if (DatabaseErrors.isOurs(failure, problem) || DatabaseErrors.isAlarming(failure)) {
      observer.observed(new Observation.RequestFailed(exchange.route(), failure));
    }
    answer(exchange, problem);
  }

  private static void answer(Exchange exchange, Problem problem) {
    if (problem.code().equals(ErrorCode.ESC005.name())) {
      exchange.refuse(problem, RETRY_AFTER_SECONDS);
    } else if (problem.status() == ErrorCode.ESC001.status()) {
      exchange.problem(problem, RETRY_AFTER_SECONDS);
    } else {
      exchange.problem(problem);
    }
  }

  public static void unavailable(Exchange exchange) {
    answer(exchange, DatabaseErrors.unavailable());
  }

  public static void unknownDatabase(Exchange exchange, String name, Collection<String> known) {
    String hint =
        Suggestion.nearest(name, known)
            .map("Perhaps you meant the database '%s'."::formatted)
            .orElse("GET / lists the databases.");
    exchange.problem(
        Problem.of(ErrorCode.ESC102, "There is no database '%s'".formatted(name), hint));
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
