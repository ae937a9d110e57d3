package dev.escala.serve.relation;

import dev.escala.catalog.RelationName;
import dev.escala.catalog.Routine;
import dev.escala.http.BodyReader;
import dev.escala.http.Denial;
import dev.escala.http.Exchange;
import dev.escala.observe.Observer;
import dev.escala.query.Arguments;
import dev.escala.query.QueryRefused;
import dev.escala.query.QueryString;
import dev.escala.query.RoutineCall;
import dev.escala.serve.database.CatalogKeeper.Loaded;
import dev.escala.serve.database.DatabaseErrors;
import dev.escala.serve.database.DatabaseReads;
import dev.escala.serve.database.ErrorAnswers;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code GET|HEAD|POST /{database}/rpc/{function}}: the function that takes the arguments, or the
 * published query, and its result read like a relation. Always in a read-only transaction.
 */
public final class RoutineHandler {
  private final Observer observer;
  private final BodyReader bodies;

  public RoutineHandler(Observer observer, BodyReader bodies) {
    this.observer = observer;
    this.bodies = bodies;
  }

  public void handle(Exchange exchange, DatabaseReads reads) {
    if (!mayCall(exchange, reads)) {
      return; // it is answered
    }
    if (exchange.method().equals("POST")) {
      bodies.read(
          exchange,
          (same, body) -> same.context().runOnContext(ignored -> posted(same, reads, body)));
    } else {
      asked(exchange, reads);
    }
  }

  /** The same for a POST whose body is known. */
  public void handle(Exchange exchange, DatabaseReads reads, byte[] body) {
    if (mayCall(exchange, reads)) {
      posted(exchange, reads, body);
    }
  }

  private static boolean mayCall(Exchange exchange, DatabaseReads reads) {
    String name = exchange.path().get(2);
    boolean may = exchange.caller().rights().mayRead(reads.settings().name(), name);
    if (!may) {
      Denial.answer(exchange, "call the function " + name);
    }
    return may;
  }

  /** What has no operator in front of it is an argument; the rest is asked of the result. */
  private void asked(Exchange exchange, DatabaseReads reads) {
    try {
      QueryString query = QueryString.parse(exchange.query());
      boolean takesFormat =
          reads.keeper().current().map(loaded -> takesFormat(exchange, loaded)).orElse(false);
      CallArguments split = CallArguments.split(query, takesFormat);
      call(exchange, reads, split.rest(), split.arguments());
    } catch (QueryRefused refused) {
      exchange.problem(DatabaseErrors.of(refused));
    }
  }

  private static boolean takesFormat(Exchange exchange, Loaded loaded) {
    return routines(exchange, loaded).stream()
        .flatMap(routine -> routine.parameters().stream())
        .anyMatch(parameter -> parameter.name().equals("format"));
  }

  private static List<Routine> routines(Exchange exchange, Loaded loaded) {
    return loaded
        .catalog()
        .routinesIn(Profile.schema(exchange, loaded.catalog()))
        .getOrDefault(exchange.path().get(2), List.of());
  }

  private void posted(Exchange exchange, DatabaseReads reads, byte[] body) {
    try {
      Arguments arguments = CallArguments.of(exchange.header("Content-Type"), body);
      call(exchange, reads, QueryString.parse(exchange.query()), arguments);
    } catch (QueryRefused refused) {
      exchange.problem(DatabaseErrors.of(refused));
    }
  }

  private void call(Exchange exchange, DatabaseReads reads, QueryString query, Arguments arguments)
      throws QueryRefused {
    Optional<RelationRequest> asked = Asked.of(exchange, query, reads);
    Optional<Loaded> loaded = reads.keeper().current();
    if (asked.isEmpty()) {
      return; // it is answered
    }
    if (loaded.isEmpty()) {
      ErrorAnswers.unavailable(exchange);
      return;
    }
    RelationRequest request = asked.get();
    exchange.ended("parse");
    Attempts.run(
        reads,
        loaded.get(),
        with -> run(request, reads, with, arguments),
        (with, failure) -> fail(request, with, failure));
  }

  private static Future<Void> run(
      RelationRequest request, DatabaseReads reads, Loaded loaded, Arguments arguments)
      throws QueryRefused {
    Exchange exchange = request.exchange();
    String schema = Profile.schema(exchange, loaded.catalog());
    if (!loaded.catalog().schemas().contains(schema)) {
      return Future.failedFuture(new Attempts.Unknown());
    }
    String name = exchange.path().get(2);
    if (isMisfitting(exchange, loaded)) {
      return Future.failedFuture(new Attempts.Unknown());
    }
    RoutineCall call =
        RoutineCall.choose(new RelationName(schema, name), routines(exchange, loaded), arguments);
    return RelationRead.run(request, reads, loaded, Subject.of(call));
  }

  /** Published queries stand in the default schema. */
  private static boolean isMisfitting(Exchange exchange, Loaded loaded) {
    List<String> schemas = loaded.catalog().schemas();
    return Profile.schema(exchange, loaded.catalog()).equals(schemas.getFirst())
        && loaded.isBroken(exchange.path().get(2));
  }

  private void fail(RelationRequest request, Loaded loaded, Throwable failure) {
    Exchange exchange = request.exchange();
    if (isMisfitting(exchange, loaded)) {
      ErrorAnswers.misfittingQuery(exchange, exchange.path().get(2));
    } else if (failure instanceof Attempts.Unknown) {
      ErrorAnswers.unknownSchema(exchange, Profile.schema(exchange, loaded.catalog()), loaded);
    } else {
      ErrorAnswers.failed(exchange, failure, observer);
    }
  }

  /** {@code OPTIONS}: what may be done with a function. */
  public void options(Exchange exchange, DatabaseReads reads) {
    Optional<Loaded> loaded = reads.keeper().current();
    if (loaded.isEmpty()) {
      ErrorAnswers.unavailable(exchange);
      return;
    }
    String schema = Profile.schema(exchange, loaded.get().catalog());
    String name = exchange.path().get(2);
    if (loaded.get().catalog().routinesIn(schema).containsKey(name)) {
      ErrorAnswers.callOptions(exchange);
    } else {
      exchange.problem(
          DatabaseErrors.of(
              QueryRefused.unknownRoutine(new RelationName(schema, name), Set.of(), List.of())));
    }
  }
}
