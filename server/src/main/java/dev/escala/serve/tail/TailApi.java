package dev.escala.serve.tail;

import dev.escala.http.Denial;
import dev.escala.http.ErrorCode;
import dev.escala.http.Exchange;
import dev.escala.http.Problem;
import dev.escala.http.connection.Share;
import dev.escala.model.TailPosition;
import dev.escala.observe.Observation;
import dev.escala.observe.Observer;
import dev.escala.query.QueryRefused;
import dev.escala.serve.database.DatabaseErrors;
import dev.escala.serve.database.DatabaseReads;
import dev.escala.serve.database.ErrorAnswers;
import dev.escala.serve.relation.RelationHandler;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

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
    String name = exchange.path().get(1);
    if (exchange.rawPath().endsWith("/")) {
      ErrorAnswers.noSuchPath(exchange);
    } else if (!exchange.caller().rights().mayRead(reads.settings().name(), name)) {
      Denial.answer(exchange, "read the relation " + name);
    } else {
      listen(exchange, reads);
    }
  }

  private void listen(Exchange exchange, DatabaseReads reads) {
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
        open(query, new TailSource(exchange, reads, relations, from.orElse(null)));
      }
    } catch (QueryRefused refused) {
      exchange.problem(DatabaseErrors.of(refused));
    }
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

  private void open(TailQuery query, TailSource source) {
    String database = source.reads().settings().name();
    TailStream stream =
        new TailStream(
            source,
            query,
            () -> observer.observed(new Observation.TailOpened(database)),
            ended -> ended(ended, source.exchange(), database));
    open.add(stream);
    stream.open();
    if (closing) {
      stream.stop();
    }
  }

  private void ended(TailStream stream, Exchange exchange, String database) {
    open.remove(stream);
    share.give(exchange.client(), 1);
    if (stream.hasBegun()) {
      observer.observed(new Observation.TailEnded(database));
    }
  }

  /** Ends all, and lets nobody listen any more. */
  @Override
  public void close() {
    closing = true;
    open.forEach(TailStream::stop);
  }
}
