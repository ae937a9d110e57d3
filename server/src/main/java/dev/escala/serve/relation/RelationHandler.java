package dev.escala.serve.relation;

import dev.escala.catalog.Relation;
import dev.escala.http.Exchange;
import dev.escala.http.Problem;
import dev.escala.observe.Observer;
import dev.escala.query.QueryRefused;
import dev.escala.query.QueryString;
import dev.escala.query.ReadRequest;
import dev.escala.serve.database.CatalogKeeper;
import dev.escala.serve.database.DatabaseErrors;
import dev.escala.serve.database.DatabaseReads;
import dev.escala.serve.database.ErrorAnswers;
import dev.escala.serve.rows.MediaType;
import dev.escala.serve.rows.Negotiation;
import io.vertx.core.Future;
import java.util.Optional;

/** {@code GET /{database}/{relation}}: parse, find the relation, plan, run. */
public final class RelationHandler {
  private static final String PROFILE = "Accept-Profile";

  private final Observer observer;

  public RelationHandler(Observer observer) {
    this.observer = observer;
  }

  public void handle(Exchange exchange, DatabaseReads reads) {
    Optional<MediaType> form = Negotiation.of(exchange.header("Accept"));
    if (form.isEmpty()) {
      exchange.problem(
          new Problem(
              406,
              "PGRST107",
              "None of these media types are available: " + exchange.header("Accept"),
              null,
              "There are application/json, application/x-ndjson, text/csv,"
                  + " application/vnd.pgrst.object+json and application/vnd.pgrst.array+json."));
      return;
    }
    Preferences preferences = Preferences.parse(exchange.request().headers().getAll("Prefer"));
    if (preferences.isStrict() && !preferences.unknown().isEmpty()) {
      exchange.problem(
          new Problem(
              400,
              "PGRST122",
              "Invalid preferences given with handling=strict",
              "Invalid preferences: " + String.join(", ", preferences.unknown()),
              null));
      return;
    }
    Optional<CatalogKeeper.Loaded> loaded = reads.keeper().current();
    if (loaded.isEmpty()) {
      ErrorAnswers.unavailable(exchange);
      return;
    }
    try {
      QueryString query = QueryString.parse(exchange.query());
      ReadRequest parsed = ReadRequest.parse(query);
      String range = exchange.isHead() ? null : exchange.header("Range");
      ReadRequest read = parsed.with(parsed.page().within(range));
      RelationRequest request = new RelationRequest(exchange, query, read, form.get(), preferences);
      answer(request, reads, loaded.get(), true);
    } catch (QueryRefused refused) {
      exchange.problem(DatabaseErrors.of(refused));
    }
  }

  /** Runs with one catalog; where that may be too old, once more with a newer one. */
  private void answer(
      RelationRequest request,
      DatabaseReads reads,
      CatalogKeeper.Loaded loaded,
      boolean mayRefresh) {
    Optional<Relation> relation = relation(request, loaded);
    Future<Void> answered =
        relation.isEmpty()
            ? Future.failedFuture(new UnknownRelation())
            : reads.admitted(() -> run(request, reads, loaded, relation.get()));
    answered.onFailure(
        failure -> {
          if (mayRefresh && mayBeStale(failure)) {
            reads
                .keeper()
                .after(loaded, DatabaseErrors.isStale(failure))
                .onSuccess(fresh -> retry(request, reads, new Attempt(loaded, fresh, failure)));
          } else {
            fail(request, loaded, failure);
          }
        });
  }

  private record Attempt(
      CatalogKeeper.Loaded before, CatalogKeeper.Loaded now, Throwable failure) {}

  private void retry(RelationRequest request, DatabaseReads reads, Attempt attempt) {
    if (attempt.now().generation() == attempt.before().generation()) {
      fail(request, attempt.now(), attempt.failure());
    } else {
      answer(request, reads, attempt.now(), false);
    }
  }

  private Future<Void> run(
      RelationRequest request,
      DatabaseReads reads,
      CatalogKeeper.Loaded loaded,
      Relation relation) {
    try {
      return new RelationRead(request, reads, loaded, relation).run();
    } catch (QueryRefused refused) {
      return Future.failedFuture(refused);
    }
  }

  private static Optional<Relation> relation(RelationRequest request, CatalogKeeper.Loaded loaded) {
    return loaded.catalog().relation(schema(request, loaded), request.exchange().path().get(1));
  }

  private static String schema(RelationRequest request, CatalogKeeper.Loaded loaded) {
    String profile = request.exchange().header(PROFILE);
    return profile == null ? loaded.catalog().schemas().getFirst() : profile;
  }

  private static boolean mayBeStale(Throwable failure) {
    return failure instanceof UnknownRelation
        || DatabaseErrors.isStale(failure)
        || DatabaseErrors.isPerhapsStale(failure)
        || (failure instanceof QueryRefused refused && refused.code().equals("42703"));
  }

  private void fail(RelationRequest request, CatalogKeeper.Loaded loaded, Throwable failure) {
    String schema = schema(request, loaded);
    if (!(failure instanceof UnknownRelation)) {
      ErrorAnswers.failed(request.exchange(), failure, observer);
    } else if (loaded.catalog().schemas().contains(schema)) {
      ErrorAnswers.unknownRelation(request.exchange(), schema, loaded);
    } else {
      ErrorAnswers.unknownSchema(request.exchange(), schema, loaded);
    }
  }

  /** The catalog does not have the relation. */
  private static final class UnknownRelation extends Exception {
    private static final long serialVersionUID = 1L;

    UnknownRelation() {
      super("unknown relation", null, false, false);
    }
  }
}
