package dev.escala.serve.sql;

import dev.escala.http.AnswerRoom;
import dev.escala.http.ErrorCode;
import dev.escala.http.Exchange;
import dev.escala.http.Problem;
import dev.escala.model.SqlIdentifier;
import dev.escala.query.LimitedSql;
import dev.escala.query.SqlRequest;
import dev.escala.query.SqlStatement;
import dev.escala.query.ValueForm;
import dev.escala.serve.columnar.Columns;
import dev.escala.serve.database.CatalogStatements;
import dev.escala.serve.database.DatabaseReads;
import dev.escala.serve.database.ErrorAnswers;
import dev.escala.serve.database.PlanEstimate;
import dev.escala.serve.database.ReadTransaction;
import dev.escala.serve.database.SqlSettings;
import dev.escala.serve.rows.AnswerWriter;
import dev.escala.serve.rows.MediaType;
import dev.escala.serve.rows.PlanType;
import dev.escala.serve.rows.RowWriter;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.desc.ColumnDescriptor;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs SQL that passed the rules: types of parameters, columns, estimate of the cost, then rows;
 * all in one read-only transaction and within one deadline.
 */
final class SqlRead {
  private static final String PARAMETER_TYPES =
      """
      SELECT pg_catalog.array_agg(pg_catalog.format_type(t.type, -1) ORDER BY t.place)
      FROM pg_catalog.pg_prepared_statements s,
        LATERAL pg_catalog.unnest(s.parameter_types::oid[]) WITH ORDINALITY AS t(type, place)
      WHERE s.name = 'escala_sql'\
      """;

  /** No timer has this number. */
  private static final long NOBODY = -1;

  private final Exchange exchange;
  private final DatabaseReads reads;
  private final SqlSettings limits;
  private final SqlRequest request;
  private final SqlForm form;
  private final AnswerRoom room;
  private @Nullable ReadTransaction transaction;
  private long deadline = NOBODY;
  private boolean gone;
  private boolean late;

  SqlRead(Exchange exchange, DatabaseReads reads, SqlRequest request, SqlForm form) {
    this.exchange = exchange;
    this.reads = reads;
    this.limits = reads.settings().sql().within(exchange.caller().rights().limits());
    this.request = request;
    this.form = form;
    this.room = exchange.room();
  }

  /** What is run, and what writes its rows. */
  private record Planned(SqlStatement statement, AnswerWriter writer, int columns) {}

  /** Why the rows are not read. */
  private static final class Stopped extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Problem problem;

    Stopped(Problem problem) {
      super(problem.message(), null, false, false);
      this.problem = problem;
    }
  }

  void start() {
    exchange.reply().onClose(this::clientGone);
    reads
        .repeated(() -> ReadTransaction.on(reads.sql(), exchange.client()).compose(this::run))
        .onComplete(ignored -> exchange.context().owner().cancelTimer(deadline))
        .onSuccess(Runnable::run)
        .onFailure(this::fail);
  }

  /** Names of exposed relations need no schema; what was prepared before is forgotten. */
  private String settings() {
    String path =
        reads.settings().schemas().stream()
            .map(SqlIdentifier::quote)
            .collect(Collectors.joining(", "));
    return "DEALLOCATE ALL; SET LOCAL standard_conforming_strings = on; SET LOCAL search_path = "
        + path;
  }

  /** Completes with what answers. */
  private Future<Runnable> run(ReadTransaction taken) {
    transaction = taken;
    if (deadline == NOBODY) {
      Vertx vertx = exchange.context().owner();
      deadline = vertx.setTimer(limits.timeout().toMillis(), ignored -> outOfTime());
    }
    Promise<Runnable> first = Promise.promise();
    taken.outlived().onSuccess(ignored -> first.tryFail(new Stopped(tookTooLong())));
    reads
        .begin(taken, "BEGIN READ ONLY;" + settings(), exchange, reads.settings().schemas())
        .compose(ignored -> parameterTypes(taken))
        .compose(types -> statement(taken, types))
        .compose(planned -> run(taken, planned))
        .onComplete(done -> taken.end(done.cause()))
        .onSuccess(first::tryComplete)
        .onFailure(first::tryFail);
    return first.future();
  }

  private Future<Runnable> run(ReadTransaction taken, Planned planned) {
    SqlStatement statement = planned.statement();
    PlanType plan = form.plan();
    if (plan == null) {
      return affordable(taken, statement)
          .compose(ignored -> rows(taken, planned))
          .map(rows -> () -> answer(rows));
    }
    Future<SqlStatement> allowed =
        plan.isMeasured() ? affordable(taken, statement) : Future.succeededFuture(statement);
    return allowed
        .compose(ignored -> plan(taken, plan, statement))
        .map(lines -> () -> answer(plan, lines));
  }

  /** How the statement of the rows is run, with the limit on these. */
  private static Future<RowSet<Row>> plan(
      ReadTransaction begun, PlanType plan, SqlStatement statement) {
    return begun
        .connection()
        .preparedQuery(plan.explain() + statement.text())
        .execute(CatalogStatements.tuple(statement.parameters()));
  }

  /** PostgreSQL says which types it gives the parameters; nothing runs. */
  private Future<List<String>> parameterTypes(ReadTransaction begun) {
    if (request.values().isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    return begun
        .connection()
        .preparedQuery("PREPARE escala_sql AS " + request.untyped())
        .execute()
        .compose(ignored -> begun.connection().preparedQuery(PARAMETER_TYPES).execute())
        .map(rows -> List.of(rows.iterator().next().getArrayOfStrings(0)));
  }

  private Future<Planned> statement(ReadTransaction begun, List<String> types) {
    LimitedSql sql = new LimitedSql(request.typed(types), request.values());
    return begun
        .columns(sql.described())
        .map(described -> form.rows().isColumnar() ? typed(sql, described) : text(sql, described));
  }

  private Planned text(LimitedSql sql, List<ColumnDescriptor> described) {
    ValueForm written = form.rows() == MediaType.CSV ? ValueForm.TEXT : ValueForm.JSON;
    SqlStatement statement =
        sql.rows(SqlColumns.of(described), written, limits.maxRows(), limits.maxBytes());
    AnswerWriter writer = new RowWriter(form.rows(), statement.columns());
    return new Planned(statement, writer, described.size());
  }

  private Planned typed(LimitedSql sql, List<ColumnDescriptor> described) {
    Columns columns = Columns.of(SqlColumns.of(described), described);
    SqlStatement statement = sql.rows(columns.types(), limits.maxRows(), limits.maxBytes());
    return new Planned(statement, columns.writer(form.rows()), described.size());
  }

  private Future<SqlStatement> affordable(ReadTransaction begun, SqlStatement statement) {
    return begun
        .connection()
        .preparedQuery("EXPLAIN (FORMAT JSON) " + statement.text())
        .execute(CatalogStatements.tuple(statement.parameters()))
        .map(SqlRead::cost)
        .compose(
            cost -> {
              if (cost > limits.maxCost()) {
                return Future.failedFuture(new Stopped(tooExpensive(cost)));
              }
              return gone || late
                  ? Future.failedFuture(new Stopped(tookTooLong()))
                  : Future.succeededFuture(statement);
            });
  }

  private static double cost(RowSet<Row> plan) {
    return PlanEstimate.of((JsonArray) plan.iterator().next().getValue(0)).cost();
  }

  private Future<SqlRows> rows(ReadTransaction begun, Planned planned) {
    SqlRows rows = new SqlRows(planned.writer(), planned.columns(), limits, room);
    return begun
        .connection()
        .preparedQuery(planned.statement().text())
        .collecting(rows.collector())
        .execute(CatalogStatements.tuple(planned.statement().parameters()))
        .map(result -> result.value());
  }

  private void answer(SqlRows rows) {
    room.giveBack();
    if (gone) {
      return;
    }
    if (rows.findNoRoom()) {
      exchange.noRoom();
      return;
    }
    exchange.vary(HttpHeaders.ACCEPT);
    exchange.with(HttpHeaders.CONTENT_RANGE, rows.range());
    rows.truncated().ifPresent(limit -> exchange.with("Escala-Truncated", limit));
    exchange.answer(rows.truncated().isPresent() ? 206 : 200, form.header(), rows.body());
  }

  private void answer(PlanType plan, RowSet<Row> lines) {
    if (gone) {
      return;
    }
    exchange.vary(HttpHeaders.ACCEPT);
    exchange.answer(200, form.header(), plan.body(lines));
  }

  private void fail(Throwable failure) {
    room.giveBack();
    if (gone) {
      return;
    }
    if (failure instanceof Stopped stopped) {
      exchange.problem(stopped.problem);
    } else if (ReadTransaction.isCancellation(failure)) {
      exchange.problem(tookTooLong());
    } else {
      ErrorAnswers.failedSql(exchange, failure, reads.observer());
    }
  }

  private Problem tooExpensive(double cost) {
    return Problem.of(
            ErrorCode.ESC121,
            "The estimated cost of the SQL is above the limit",
            "Filter by an indexed column, or read fewer rows.")
        .withDetails(
            "PostgreSQL estimates a cost of %.0f; the limit is %d."
                .formatted(cost, limits.maxCost()));
  }

  private Problem tookTooLong() {
    return Problem.of(
        ErrorCode.ESC125,
        "The SQL was stopped: it may take %s".formatted(seconds(limits.timeout().toMillis())),
        "Filter by an indexed column, or read fewer rows.");
  }

  private static String seconds(long millis) {
    return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
  }

  private void outOfTime() {
    late = true;
    cancel();
  }

  private void clientGone() {
    gone = true;
    cancel();
  }

  private void cancel() {
    if (transaction != null) {
      transaction.cancel();
    }
  }
}
