package dev.escala.serve.tail;

import dev.escala.catalog.Relation;
import dev.escala.catalog.RelationKind;
import dev.escala.http.Denial;
import dev.escala.http.ErrorCode;
import dev.escala.http.Exchange;
import dev.escala.http.Problem;
import dev.escala.http.connection.Share;
import dev.escala.model.TailPosition;
import dev.escala.observe.Observation;
import dev.escala.observe.Observer;
import dev.escala.query.QueryRefused;
import dev.escala.serve.database.CatalogKeeper.Loaded;
import dev.escala.serve.database.DatabaseErrors;
import dev.escala.serve.database.DatabaseReads;
import dev.escala.serve.database.ErrorAnswers;
import dev.escala.serve.relation.Profile;
import dev.escala.serve.relation.RelationHandler;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Lets clients listen to tables of topics, and knows all who do. Of all event loops. */
public final class TailApi implements AutoCloseable {
  /** Each has a connection, and each row that is stored is read for each. */
  private static final int MOST = 1_000;

  private static final int MOST_OF_CLIENT = 250;
  private static final int RETRY_AFTER_SECONDS = 5;

  private final RelationHandler relations;
  private final Observer observer;
  private final Share share = new Share(MOST, MOST_OF_CLIENT);
  private final Set<TailStream> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closing;

  public TailApi(RelationHandler relations, Observer observer) {
    this.relations = relations;
    this.observer = observer;
  }

  /** A read of a relation that wants events. */
  public void handle(Exchange exchange, DatabaseReads reads) {
    Optional<Loaded> loaded = reads.keeper().current();
    String name = exchange.path().get(1);
    if (exchange.rawPath().endsWith("/")) {
      ErrorAnswers.noSuchPath(exchange);
    } else if (!exchange.caller().rights().mayRead(reads.settings().name(), name)) {
      Denial.answer(exchange, "read the relation " + name);
    } else if (loaded.isEmpty()) {
      ErrorAnswers.unavailable(exchange);
    } else {
      find(exchange, reads, loaded.get());
    }
  }

  /** The database is asked for a relation that is unknown: its topic may have made it just now. */
  private void find(Exchange exchange, DatabaseReads reads, Loaded loaded) {
    Optional<Relation> known = relation(exchange, loaded);
    if (known.isPresent()) {
      listen(exchange, reads, known.get());
      return;
    }
    reads
        .keeper()
        .after(loaded, false)
        .onSuccess(
            fresh ->
                relation(exchange, fresh)
                    .ifPresentOrElse(
                        relation -> listen(exchange, reads, relation),
                        () -> relations.handle(exchange, reads)));
  }

  private static Optional<Relation> relation(Exchange exchange, Loaded loaded) {
    String schema = Profile.schema(exchange, loaded.catalog());
    return loaded.catalog().relation(schema, exchange.path().get(1));
  }

  private void listen(Exchange exchange, DatabaseReads reads, Relation relation) {
    if (!isNoted(reads, relation)) {
      exchange.problem(notNoted(relation));
      return;
    }
    try {
      TailQuery query = TailQuery.of(exchange);
      Problem problem = query.problem();
      String last = exchange.header("Last-Event-ID");
      Optional<TailPosition> from = Optional.ofNullable(last).flatMap(TailPosition::parse);
      if (problem != null) {
        exchange.problem(problem);
      } else if (last != null && !last.isEmpty() && from.isEmpty()) {
        exchange.problem(noPosition());
      } else if (!share.take(exchange.client(), 1)) {
        exchange.refuse(tooMany(), RETRY_AFTER_SECONDS);
      } else {
        open(exchange, reads, query, relation, from.orElse(null));
      }
    } catch (QueryRefused refused) {
      exchange.problem(DatabaseErrors.of(refused));
    }
  }

  private static boolean isNoted(DatabaseReads reads, Relation relation) {
    return relation.kind() == RelationKind.TABLE
        && relation.column("_event_time").isPresent()
        && reads.tails().has(relation.schema(), relation.name());
  }

  private static Problem notNoted(Relation relation) {
    return Problem.of(
        ErrorCode.ESC154,
        "Nobody can listen to '%s.%s'".formatted(relation.schema(), relation.name()),
        "topics.NAME.tail: true lets clients listen to the table of a topic, where it is read from"
            + " the server that it is written to; with Accept: application/json it can be read.");
  }

  private static Problem noPosition() {
    return Problem.of(
        ErrorCode.ESC104,
        "The header Last-Event-ID is none that was given",
        "Send the id of the last event as it came, or none.");
  }

  private static Problem tooMany() {
    return Problem.of(
        ErrorCode.ESC005,
        "So many listen that there is no room for one more",
        "Close what is not needed, and try again after the seconds that Retry-After says.");
  }

  private void open(
      Exchange exchange,
      DatabaseReads reads,
      TailQuery query,
      Relation relation,
      @Nullable TailPosition from) {
    TailStream stream =
        new TailStream(
            exchange,
            query,
            new TailStream.Terms(
                question -> relations.handle(question, reads),
                RelationHandler.mostRows(exchange, reads, relation),
                reads.settings().pools().stalled(),
                () -> observer.observed(new Observation.TailOpened(reads.settings().name())),
                ended -> ended(ended, exchange, reads)));
    open.add(stream);
    stream.open(listener -> reads.tails().open(relation.schema(), relation.name(), from, listener));
    if (closing) {
      stream.stop();
    }
  }

  private void ended(TailStream stream, Exchange exchange, DatabaseReads reads) {
    open.remove(stream);
    share.give(exchange.client(), 1);
    if (stream.hasBegun()) {
      observer.observed(new Observation.TailEnded(reads.settings().name()));
    }
  }

  /** Ends all, and lets nobody listen any more. */
  @Override
  public void close() {
    closing = true;
    open.forEach(TailStream::stop);
  }
}
