package dev.escala.serve;

import dev.escala.catalog.Relation;
import dev.escala.http.Exchange;
import dev.escala.http.Problem;
import dev.escala.observe.Observer;
import dev.escala.query.QueryRefused;
import dev.escala.query.QueryString;
import dev.escala.query.ReadRequest;
import io.vertx.core.Future;
import java.util.Optional;

/** {@code GET /{database}/{relation}}: parse, find the relation, plan, run. */
final class RelationHandler {
  private static final String PROFILE = "Accept-Profile";

  private final Observer observer;

  RelationHandler(Observer observer) {
    this.observer = observer;
  }

  void handle(Exchange exchange, DatabaseReads reads) {
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
      Answers.unavailable(exchange);
      return;
    }
    try {
      QueryString query = QueryString.parse(exchange.query());
      ReadRequest request = ReadRequest.parse(query);
      String range = exchange.isHead() ? null : exchange.header("Range");
      ReadRequest paged = request.with(request.page().within(range));
      Asked asked = new Asked(exchange, query, paged, form.get(), preferences);
      answer(asked, reads, loaded.get(), true);
    } catch (QueryRefused refused) {
      exchange.problem(DatabaseErrors.of(refused));
    }
  }

  /** Runs with one catalog; where that may be too old, once more with a newer one. */
  private void answer(
      Asked asked, DatabaseReads reads, CatalogKeeper.Loaded loaded, boolean mayRefresh) {
    Optional<Relation> relation = relation(asked, loaded);
    Future<Void> answered =
        relation.isEmpty()
            ? Future.failedFuture(new UnknownRelation())
            : reads.admitted(() -> run(asked, reads, loaded, relation.get()));
    answered.onFailure(
        failure -> {
          if (mayRefresh && mayBeStale(failure)) {
            reads
                .keeper()
                .after(loaded, DatabaseErrors.isStale(failure))
                .onSuccess(fresh -> retry(asked, reads, new Attempt(loaded, fresh, failure)));
          } else {
            fail(asked, loaded, failure);
          }
        });
  }

  private record Attempt(
      CatalogKeeper.Loaded before, CatalogKeeper.Loaded now, Throwable failure) {}

  private void retry(Asked asked, DatabaseReads reads, Attempt attempt) {
    if (attempt.now().generation() == attempt.before().generation()) {
      fail(asked, attempt.now(), attempt.failure());
    } else {
      answer(asked, reads, attempt.now(), false);
    }
  }

  private Future<Void> run(
      Asked asked, DatabaseReads reads, CatalogKeeper.Loaded loaded, Relation relation) {
    try {
      return new RelationRead(asked, reads, loaded, relation).run();
    } catch (QueryRefused refused) {
      return Future.failedFuture(refused);
    }
  }

  private static Optional<Relation> relation(Asked asked, CatalogKeeper.Loaded loaded) {
    return loaded.catalog().relation(schema(asked, loaded), asked.exchange().path().get(1));
  }

  private static String schema(Asked asked, CatalogKeeper.Loaded loaded) {
    String profile = asked.exchange().header(PROFILE);
    return profile == null ? loaded.catalog().schemas().getFirst() : profile;
  }

  private static boolean mayBeStale(Throwable failure) {
    return failure instanceof UnknownRelation
        || DatabaseErrors.isStale(failure)
        || DatabaseErrors.isPerhapsStale(failure)
        || (failure instanceof QueryRefused refused && refused.code().equals("42703"));
  }

  private void fail(Asked asked, CatalogKeeper.Loaded loaded, Throwable failure) {
    String schema = schema(asked, loaded);
    if (!(failure instanceof UnknownRelation)) {
      Answers.failed(asked.exchange(), failure, observer);
    } else if (loaded.catalog().schemas().contains(schema)) {
      Answers.unknownRelation(asked.exchange(), schema, loaded);
    } else {
      Answers.unknownSchema(asked.exchange(), schema, loaded);
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
