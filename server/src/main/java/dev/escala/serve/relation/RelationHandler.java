package dev.escala.serve.relation;

import dev.escala.catalog.Relation;
import dev.escala.http.Denial;
import dev.escala.http.Exchange;
import dev.escala.observe.Observer;
import dev.escala.query.QueryRefused;
import dev.escala.query.QueryString;
import dev.escala.serve.database.CatalogKeeper;
import dev.escala.serve.database.DatabaseErrors;
import dev.escala.serve.database.DatabaseReads;
import dev.escala.serve.database.ErrorAnswers;
import io.vertx.core.Future;
import java.util.Optional;

/** {@code GET /{database}/{relation}}: parse, find the relation, plan, run. */
public final class RelationHandler {
  private final Observer observer;

  public RelationHandler(Observer observer) {
    this.observer = observer;
  }

  public void handle(Exchange exchange, DatabaseReads reads) {
    if (reads.isOverloaded(exchange.client())) {
      ErrorAnswers.overloaded(exchange);
      return;
    }
    String name = exchange.path().get(1);
    if (exchange.rawPath().endsWith("/")) {
      ErrorAnswers.noSuchPath(exchange);
      return;
    }
    if (!exchange.caller().rights().mayRead(reads.settings().name(), name)) {
      Denial.answer(exchange, "read the relation " + name);
      return;
    }
    try {
      Optional<CatalogKeeper.Loaded> loaded = reads.keeper().current();
      Optional<Relation> relation = loaded.flatMap(known -> relation(exchange, known));
      Optional<EntityTag> tag = relation.flatMap(of -> tag(exchange, reads, of));
      if (tag.isPresent() && tag.get().isHeldBy(exchange)) {
        unchanged(exchange, new Caching(tag, Caching.untagged(reads, relation.get()).maxAge()));
        return;
      }
      Optional<RelationRequest> asked =
          Asked.of(exchange, QueryString.parse(exchange.query()), reads)
              .map(request -> request.named(tag));
      if (asked.isPresent() && loaded.isEmpty()) {
        ErrorAnswers.unavailable(exchange);
      } else if (asked.isPresent()) {
        RelationRequest request = asked.get();
        exchange.ended("parse");
        Attempts.run(
            reads,
            loaded.get(),
            with -> run(request, reads, with),
            (with, failure) -> fail(request, with, failure));
      }
    } catch (QueryRefused refused) {
      exchange.problem(DatabaseErrors.of(refused));
    }
  }

  /** How many rows of a relation who asks may have in one answer. */
  public static long mostRows(Exchange exchange, DatabaseReads reads, Relation relation) {
    return ReadLanes.mostRows(exchange, reads).applyAsLong(relation);
  }

  /**
   * {@code OPTIONS}: what may be done with a relation; the database is asked where it is unknown.
   */
  public void options(Exchange exchange, DatabaseReads reads) {
    Optional<CatalogKeeper.Loaded> loaded = reads.keeper().current();
    if (exchange.rawPath().endsWith("/")) {
      ErrorAnswers.noSuchPath(exchange);
    } else if (loaded.isEmpty()) {
      ErrorAnswers.unavailable(exchange);
    } else if (relation(exchange, loaded.get()).isPresent()) {
      ErrorAnswers.options(exchange);
    } else {
      reads
          .keeper()
          .after(loaded.get(), false)
          .onSuccess(
              fresh -> {
                if (relation(exchange, fresh).isPresent()) {
                  ErrorAnswers.options(exchange);
                } else {
                  unknown(exchange, fresh);
                }
              });
    }
  }

  private static Optional<EntityTag> tag(
      Exchange exchange, DatabaseReads reads, Relation relation) {
    return reads
        .versions()
        .of(relation.schema(), relation.name())
        .map(
            version -> {
              long most = ReadLanes.mostRows(exchange, reads).applyAsLong(relation);
              return EntityTag.of(exchange, version, relation.schema() + "." + most);
            });
  }

  /** Answers that the client has what it asks for; the database is not asked. */
  private static void unchanged(Exchange exchange, Caching caching) throws QueryRefused {
    RelationAnswer.locate(exchange, QueryString.parse(exchange.query()));
    exchange.vary(RelationAnswer.VARY);
    caching.tell(exchange);
    exchange.nothing(304);
  }

  private static Future<Void> run(
      RelationRequest request, DatabaseReads reads, CatalogKeeper.Loaded loaded)
      throws QueryRefused {
    Optional<Relation> relation = relation(request.exchange(), loaded);
    return relation.isEmpty()
        ? Future.failedFuture(new Attempts.Unknown())
        : RelationRead.run(request, reads, loaded, Subject.of(relation.get()));
  }

  private static Optional<Relation> relation(Exchange exchange, CatalogKeeper.Loaded loaded) {
    String schema = Profile.schema(exchange, loaded.catalog());
    return loaded.catalog().relation(schema, exchange.path().get(1));
  }

  private void fail(RelationRequest request, CatalogKeeper.Loaded loaded, Throwable failure) {
    if (failure instanceof Attempts.Unknown) {
      unknown(request.exchange(), loaded);
    } else {
      ErrorAnswers.failed(request.exchange(), failure, observer);
    }
  }

  private static void unknown(Exchange exchange, CatalogKeeper.Loaded loaded) {
    String schema = Profile.schema(exchange, loaded.catalog());
    if (loaded.catalog().schemas().contains(schema)) {
      ErrorAnswers.unknownRelation(exchange, schema, loaded);
    } else {
      ErrorAnswers.unknownSchema(exchange, schema, loaded);
    }
  }
}
