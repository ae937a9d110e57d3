package dev.escala.serve.tail;

import dev.escala.catalog.Relation;
import dev.escala.catalog.RelationKind;
import dev.escala.http.ErrorCode;
import dev.escala.http.Exchange;
import dev.escala.http.Problem;
import dev.escala.model.RowTails.Listener;
import dev.escala.model.RowTails.Tail;
import dev.escala.model.TailPosition;
import dev.escala.serve.database.CatalogKeeper.Loaded;
import dev.escala.serve.database.DatabaseReads;
import dev.escala.serve.relation.Profile;
import dev.escala.serve.relation.RelationHandler;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where the rows come from that somebody listens to.
 *
 * @param from behind which position; null for what is stored from now on
 */
record TailSource(
    Exchange exchange,
    DatabaseReads reads,
    RelationHandler relations,
    @Nullable TailPosition from) {

  /** What there is under the name that was asked for. */
  sealed interface Found {}

  /** It can be listened to. */
  record Noted(Relation relation) implements Found {}

  /** It never can; who asks is answered so. */
  record Refused(Consumer<Exchange> answer) implements Found {}

  /** The catalog of the database is not there yet. */
  record Unavailable() implements Found {}

  /** Asks the database for a relation that is unknown: its topic may have made it just now. */
  Future<Found> find() {
    Optional<Loaded> loaded = reads.keeper().current();
    if (loaded.isEmpty()) {
      return Future.succeededFuture(new Unavailable());
    }
    Optional<Relation> known = relation(loaded.get());
    return known.isPresent()
        ? Future.succeededFuture(found(known.get()))
        : reads
            .keeper()
            .after(loaded.get(), false)
            .map(fresh -> relation(fresh).map(this::found).orElseGet(this::unknown));
  }

  private Optional<Relation> relation(Loaded loaded) {
    String schema = Profile.schema(exchange, loaded.catalog());
    return loaded.catalog().relation(schema, exchange.path().get(1));
  }

  private Found found(Relation relation) {
    boolean noted =
        relation.kind() == RelationKind.TABLE
            && relation.column("_event_time").isPresent()
            && reads.tails().has(relation.schema(), relation.name());
    return noted ? new Noted(relation) : new Refused(asking -> asking.problem(notNoted(relation)));
  }

  /** As any read of it is answered. */
  private Found unknown() {
    return new Refused(asking -> relations.handle(asking, reads));
  }

  private static Problem notNoted(Relation relation) {
    return Problem.of(
        ErrorCode.ESC154,
        "Nobody can listen to '%s.%s'".formatted(relation.schema(), relation.name()),
        "topics.NAME.tail: true lets clients listen to the table of a topic, where it is read from"
            + " the server that it is written to; with Accept: application/json it can be read.");
  }

  /** Answers a read of rows. */
  void read(Exchange question) {
    relations.handle(question, reads);
  }

  /** How many rows of it one answer has. */
  long mostRows(Relation relation) {
    return RelationHandler.mostRows(exchange, reads, relation);
  }

  Tail open(Relation relation, Listener listener) {
    return reads.tails().open(relation.schema(), relation.name(), from, listener);
  }
}
