package dev.escala.serve.relation;

import dev.escala.catalog.DatabaseCatalog;
import dev.escala.catalog.MediaHandler;
import dev.escala.catalog.Relation;
import dev.escala.catalog.Routine;
import dev.escala.http.ErrorCode;
import dev.escala.http.Problem;
import dev.escala.query.QueryRefused;
import dev.escala.query.ReadPlanner;
import dev.escala.query.RoutineCall;
import dev.escala.query.SqlStatement;
import dev.escala.serve.database.CatalogKeeper;
import dev.escala.serve.database.CatalogStatements;
import dev.escala.serve.database.DatabaseReads;
import dev.escala.serve.database.ResponseSettings;
import dev.escala.serve.rows.Negotiation;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** One read whose answer a function or an aggregate of the database makes, and gives whole. */
final class MediaRead {
  /** As much as any answer that is held whole. */
  private static final int MOST_OCTETS = 4 << 20;

  private final RelationRequest request;
  private final ReadLanes lanes;
  private final SqlStatement made;
  private final RowCount count;
  private final RelationAnswer answer;

  MediaRead(
      RelationRequest asked,
      DatabaseReads reads,
      CatalogKeeper.Loaded loaded,
      Subject subject,
      MediaHandler handler)
      throws QueryRefused {
    ToLongFunction<Relation> mostOf = ReadLanes.mostRows(asked.exchange(), reads);
    long most = mostOf.applyAsLong(subject.relation());
    request = asked.atMost(most);
    lanes = ReadLanes.of(request, reads, subject);
    ReadPlanner planner = subject.planner(loaded.catalog(), request.read(), mostOf);
    lanes.permit(planner);
    CatalogStatements statements = new CatalogStatements(loaded.generation());
    made = statements.marked(planner.handled(handler, MOST_OCTETS));
    count = new RowCount(statements, planner, request.preferences().count(), most);
    answer =
        new RelationAnswer(
                request, subject, Caching.untagged(reads, subject.relation()), reads.settings())
            .as(handler.contentType());
  }

  /** What makes the answer, where the client wants it before the server's own forms. */
  static Optional<MediaHandler> handler(
      RelationRequest request, DatabaseCatalog catalog, Subject subject) {
    String header = request.accepted().header();
    if (header == null) {
      return Optional.empty();
    }
    Map<String, MediaHandler> handlers = handlers(request, catalog, subject);
    return Negotiation.among(header, handlers.keySet()).map(handlers::get);
  }

  private static Map<String, MediaHandler> handlers(
      RelationRequest request, DatabaseCatalog catalog, Subject subject) {
    boolean isWhole = request.read().isOfWholeRows();
    RoutineCall call = subject.call();
    if (call != null && call.routine().result() instanceof Routine.Value value) {
      MediaHandler own = value.media();
      return own == null || !isWhole ? Map.of() : Map.of(own.type().toLowerCase(Locale.ROOT), own);
    }
    if (subject.isValue()) {
      return Map.of();
    }
    Relation relation = subject.relation();
    boolean isRelation =
        catalog.relation(relation.schema(), relation.name()).filter(relation::equals).isPresent();
    return catalog.mediaHandlers().of(isWhole && isRelation ? relation.fullName() : null);
  }

  /** Answers, or fails before anything was answered. */
  Future<Void> run() {
    request.exchange().ended("plan");
    return lanes.explained(
        () ->
            lanes.apart(
                count.isWanted(),
                transaction ->
                    count
                        .total(transaction.connection())
                        .compose(total -> read(transaction.connection(), total))),
        made.text());
  }

  private Future<Void> read(SqlClient transaction, @Nullable Long total) {
    Future<RowSet<Row>> rows =
        transaction.preparedQuery(made.text()).execute(CatalogStatements.tuple(made.parameters()));
    Future<ResponseSettings> said = ResponseSettings.of(transaction); // travels behind it
    return rows.compose(
        read ->
            said.compose(
                settings -> {
                  answer(read, answer.saying(settings), total);
                  return Future.succeededFuture();
                }));
  }

  private void answer(RowSet<Row> read, RelationAnswer how, @Nullable Long total) {
    Iterator<Row> rows = read.iterator();
    if (!rows.hasNext()) {
      how.whole(Buffer.buffer(), 0, total);
      return;
    }
    Row row = rows.next();
    Buffer body = row.getBuffer(2);
    if (body == null && row.getInteger(1) != null) {
      request.exchange().problem(tooLarge());
      return;
    }
    how.whole(body == null ? Buffer.buffer() : body, Math.toIntExact(row.getLong(0)), total);
  }

  private static Problem tooLarge() {
    return Problem.of(
        ErrorCode.ESC144,
        "The database made an answer that is larger than one is held: more than %d octets"
            .formatted(MOST_OCTETS),
        "Ask for fewer rows (limit=1000).");
  }
}
