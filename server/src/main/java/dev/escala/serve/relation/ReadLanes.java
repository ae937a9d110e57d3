package dev.escala.serve.relation;

import dev.escala.catalog.Relation;
import dev.escala.http.Exchange;
import dev.escala.http.Reply;
import dev.escala.query.QueryRefused;
import dev.escala.query.ReadPlanner;
import dev.escala.serve.database.DatabaseErrors;
import dev.escala.serve.database.DatabaseReads;
import dev.escala.serve.database.DialectSettings;
import dev.escala.serve.database.ReadTransaction;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where one read runs, as who asks: over a connection that others share, or in a transaction of its
 * own.
 *
 * @param schemas in which names without one are looked for first
 */
record ReadLanes(RelationRequest request, DatabaseReads reads, List<String> schemas) {
  private static final String SET_ZONE = "SELECT pg_catalog.set_config('TimeZone', $1, true)";
  private static final String BEGIN = "BEGIN READ ONLY";
  private static final String BEGIN_SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

  static ReadLanes of(RelationRequest request, DatabaseReads reads, Subject subject) {
    List<String> schemas =
        subject.isQuery() ? reads.settings().schemas() : List.of(subject.schema());
    return new ReadLanes(request, reads, schemas);
  }

  /** How many rows of a relation who asks may have: of the relation, and of the key. */
  static ToLongFunction<Relation> mostRows(Exchange exchange, DatabaseReads reads) {
    long mostOfCaller = exchange.caller().rights().limits().maxRows();
    DialectSettings dialect = reads.settings().dialect();
    return relation -> Math.min(mostOfCaller, dialect.maxRows(relation));
  }

  /** Whether points in time are shown in a zone that the client named. */
  boolean isZoned() {
    return request.preferences().timezone() != null;
  }

  /** Refuses what reads a relation that the rights of the caller leave out. */
  void permit(ReadPlanner planner) throws QueryRefused {
    for (String each : planner.embedded()) {
      if (!request.exchange().caller().rights().mayRead(reads.settings().name(), each)) {
        throw QueryRefused.denied(each);
      }
    }
  }

  /**
   * Over a shared connection, on which only what ends soon may run.
   *
   * @param plain the same of which the database need know nothing but the role; null for none
   */
  <T> Future<T> quick(
      @Nullable Function<SqlClient, Future<T>> plain, Function<SqlClient, Future<T>> statement) {
    return reads.quick(request.exchange(), searchPath(), plain, statement);
  }

  /**
   * In a transaction of its own.
   *
   * @param snapshot whether all statements see the same rows
   */
  Future<Void> apart(boolean snapshot, Function<ReadTransaction, Future<Void>> work) {
    return ReadTransaction.on(reads.streams(), request.exchange().client())
        .compose(
            transaction -> {
              Reply reply = request.exchange().reply();
              if (reply.isClosed()) {
                transaction.end(null);
                return Future.succeededFuture();
              }
              reply.onClose(
                  () -> {
                    if (!reply.isEnded()) {
                      transaction.cancel();
                    }
                  });
              return begin(transaction, snapshot ? BEGIN_SNAPSHOT : BEGIN)
                  .compose(ignored -> work.apply(transaction))
                  .onComplete(done -> transaction.end(done.cause()));
            });
  }

  /**
   * All statements that follow see the role and the time zone of the client, and what the function
   * set that is called before; PostgreSQL judges the names. Where nothing has to hold before, they
   * may follow at once.
   */
  private Future<Void> begin(ReadTransaction transaction, String statement) {
    Future<Void> begun = reads.begin(transaction, statement, request.exchange(), searchPath());
    if (isZoned()) {
      Future<Void> zoned =
          transaction
              .connection()
              .preparedQuery(SET_ZONE)
              .execute(Tuple.of(request.preferences().timezone()))
              .mapEmpty();
      return begun.compose(ignored -> zoned);
    }
    return reads.isTold(request.exchange()) ? begun : Future.succeededFuture();
  }

  /**
   * The driver parses some statements twice; only the first error says what is wrong with one.
   * Where nothing is, that error has passed, and it is read again.
   *
   * @param attempt that fails before anything is answered
   */
  Future<Void> explained(Supplier<Future<Void>> attempt, String statement) {
    return attempt
        .get()
        .recover(
            failure ->
                DatabaseErrors.isBehindAnother(failure)
                    ? apart(false, transaction -> transaction.columns(statement).mapEmpty())
                        .compose(ignored -> attempt.get())
                    : Future.failedFuture(failure));
  }

  /** Under a role, as PostgREST has it: the schema that is asked for, and those behind it. */
  private List<String> searchPath() {
    return Stream.of(schemas, reads.settings().dialect().extraSearchPath())
        .flatMap(List::stream)
        .distinct()
        .toList();
  }
}
