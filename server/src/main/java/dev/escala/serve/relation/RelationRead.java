package dev.escala.serve.relation;

import dev.escala.catalog.MediaHandler;
import dev.escala.catalog.Relation;
import dev.escala.query.Page;
import dev.escala.query.QueryRefused;
import dev.escala.query.ReadPlanner;
import dev.escala.query.SqlStatement;
import dev.escala.query.TypedSql;
import dev.escala.query.ValueForm;
import dev.escala.serve.columnar.Columns;
import dev.escala.serve.database.CatalogKeeper;
import dev.escala.serve.database.CatalogStatements;
import dev.escala.serve.database.DatabaseErrors;
import dev.escala.serve.database.DatabaseReads;
import dev.escala.serve.database.GatheredReads;
import dev.escala.serve.database.QuickShapes.Lane;
import dev.escala.serve.database.ReadTransaction;
import dev.escala.serve.database.ResponseSettings;
import dev.escala.serve.rows.AnswerWriter;
import dev.escala.serve.rows.MediaType;
import dev.escala.serve.rows.PlanType;
import dev.escala.serve.rows.RowWriter;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One read of a relation: whole over a shared connection where there are few rows for certain, else
 * as a stream in a transaction of its own. With a count all is of one snapshot.
 */
final class RelationRead {
  /** More rows than this are streamed, so that no answer takes memory without bound. */
  private static final int MOST_WHOLE_ROWS = 1_000;

  /** So many rows found by a unique key are read quickly, whatever else is asked of them. */
  private static final int MOST_KEYED_ROWS = 100;

  private final RelationRequest request;
  private final DatabaseReads reads;
  private final Subject subject;
  private final ReadLanes lanes;

  /** Whose rows are alike in size. */
  private final String sized;

  private final SqlStatement rows;

  /** The same of which the database need know nothing but the role of who asks; null for none. */
  private final @Nullable SqlStatement plain;

  private final ReadPlanner planner;
  private final boolean isSmall;
  private final boolean isKeyed;
  private final int room;
  private final RowWriter writer;
  private final RowCount count;
  private final RelationAnswer answer;

  /** Whether functions may say something of the answer. */
  private final boolean isSaid;

  private RelationRead(
      RelationRequest asked, DatabaseReads reads, CatalogKeeper.Loaded loaded, Subject subject)
      throws QueryRefused {
    ToLongFunction<Relation> mostOf = ReadLanes.mostRows(asked.exchange(), reads);
    long most = mostOf.applyAsLong(subject.relation());
    this.request = asked.atMost(most);
    this.reads = reads;
    this.subject = subject;
    lanes = ReadLanes.of(request, reads, subject);
    Page page = request.read().page();
    planner = subject.planner(loaded.catalog(), request.read().with(readPage(page)), mostOf);
    lanes.permit(planner);
    CatalogStatements statements = new CatalogStatements(loaded.generation());
    Optional<ReadPlanner.PlainRows> alone =
        isAsRole() && isAboutRows() && !lanes.isZoned()
            ? planner.plain(form(form()))
            : Optional.empty();
    plain = alone.map(both -> statements.marked(both.plain())).orElse(null);
    rows =
        statements.marked(
            alone.isPresent() ? alone.get().rows() : planner.rows(form(form()), lanes.isZoned()));
    sized =
        planner.holdsMany() || subject.isCall()
            ? rows.text()
            : subject.relation().fullName().toString();
    boolean isFew =
        planner.mostRows() <= MOST_WHOLE_ROWS
            && reads.rowSizes().mayHold(sized, planner.mostRows());
    room = reads.rowSizes().room(sized, planner.mostRows());
    isSmall = subject.isOne() || (isFew && !planner.holdsMany());
    isKeyed = planner.mostKeyedRows() <= MOST_KEYED_ROWS;
    writer = new RowWriter(subject.written(form()), rows.columns(), subject.isValue());
    count = new RowCount(statements, planner, request.preferences().count(), most);
    answer =
        new RelationAnswer(
            request, subject, Caching.of(request, reads, subject, planner), reads.settings());
    isSaid = subject.isCall() || reads.settings().dialect().preRequest() != null;
  }

  private boolean isAsRole() {
    return request.exchange().caller().role() != null;
  }

  /** Casts and text search may call functions of the database, and find them by the path. */
  private boolean isAboutRows() {
    return request.query().parameters().stream()
        .flatMap(each -> Stream.of(each.key(), each.value()))
        .noneMatch(text -> text.contains("::") || text.contains("fts"));
  }

  /** Of nothing there are no columns. */
  private MediaType form() {
    boolean isNothing = subject.isNothing() && request.form().isColumnar();
    return isNothing ? MediaType.JSON : request.form();
  }

  private static ValueForm form(MediaType type) {
    return switch (type) {
      case JSON, OBJECT, NDJSON -> ValueForm.JSON;
      case STRIPPED_ARRAY, STRIPPED_OBJECT -> ValueForm.STRIPPED_JSON;
      case CSV -> ValueForm.TEXT;
      case ARROW, PARQUET -> ValueForm.OWN;
    };
  }

  /** A second row is enough to know that an object cannot be answered. */
  private Page readPage(Page page) {
    Long limit = page.limit();
    boolean single = request.form().isSingle();
    return single && (limit == null || limit > 2) ? new Page(page.offset(), 2L) : page;
  }

  /** Reads what is asked for, in the form that the client wants first. */
  static Future<Void> run(
      RelationRequest request, DatabaseReads reads, CatalogKeeper.Loaded loaded, Subject subject)
      throws QueryRefused {
    Optional<MediaHandler> handler = MediaRead.handler(request, loaded.catalog(), subject);
    if (handler.isPresent()) {
      return new MediaRead(request, reads, loaded, subject, handler.get()).run();
    }
    if (!request.accepted().isFound()) {
      throw QueryRefused.notAcceptable(request.exchange().header("Accept"));
    }
    return new RelationRead(request, reads, loaded, subject).run();
  }

  /** Answers, or fails before anything was answered. */
  private Future<Void> run() {
    request.exchange().ended("plan");
    return lanes.explained(this::attempted, rows.text());
  }

  private Future<Void> attempted() {
    PlanType plan = request.plan();
    if (plan != null) {
      return lanes.apart(false, transaction -> plan(plan, transaction));
    }
    // What a function leaves behind in its session must not be seen by those that share it.
    if (subject.isCall() || !isSmall || isTyped() || count.isWanted() || lanes.isZoned()) {
      return apart();
    }
    if (isKeyed) {
      return quick()
          .recover(failure -> isTooSlow(failure) ? apart() : Future.failedFuture(failure));
    }
    Lane lane = reads.shapes().lane(rows.text());
    return lane == Lane.APART ? apart() : learning(lane);
  }

  /** How the statement of the rows is run; with ANALYZE it is. */
  private Future<Void> plan(PlanType type, ReadTransaction transaction) {
    return transaction
        .connection()
        .preparedQuery(type.explain() + rows.text())
        .execute(CatalogStatements.tuple(rows.parameters()))
        .compose(
            lines -> {
              answer.plan(type, lines);
              return Future.succeededFuture();
            });
  }

  private Future<Void> quick() {
    return isOneOfMany()
        ? reads
            .together(request.exchange(), plain, rows, HeldRows.collector(writer, room))
            .compose(
                read -> read.isPresent() ? finished(new Whole(read.get(), answer), null) : alone())
        : alone();
  }

  /** Whether many are like it but for the key that they ask for. */
  private boolean isOneOfMany() {
    return planner.mostKeyedRows() == 1
        && !rows.parameters().isEmpty()
        && !isSaid
        && reads.rowSizes().mayHold(sized, GatheredReads.MOST);
  }

  private Future<Void> alone() {
    SqlStatement asRole = plain;
    return lanes
        .quick(asRole == null ? null : client -> read(client, asRole), client -> read(client, rows))
        .compose(whole -> finished(whole, null));
  }

  /** What was stopped among the quick ones is read apart, and so are those like it. */
  private Future<Void> learning(Lane lane) {
    return quick()
        .onComplete(done -> reads.shapes().ended(rows.text(), lane, isTooSlow(done.cause())))
        .recover(failure -> isTooSlow(failure) ? apart() : Future.failedFuture(failure));
  }

  /**
   * Stopped by its time limit; while it was parsed, the driver tells of a transaction that failed.
   */
  private static boolean isTooSlow(@Nullable Throwable failure) {
    return ReadTransaction.isCancellation(failure)
        || (failure != null && DatabaseErrors.isBehindAnother(failure));
  }

  /** In a transaction of its own. */
  private Future<Void> apart() {
    return lanes.apart(
        isOfOneSnapshot(),
        transaction ->
            count.total(transaction.connection()).compose(total -> rows(transaction, total)));
  }

  /** Where several statements have to see the same rows. */
  private boolean isOfOneSnapshot() {
    return count.isWanted() || request.read().isWalk();
  }

  private Future<Void> rows(ReadTransaction transaction, @Nullable Long total) {
    if (isTyped()) {
      return typed(transaction).compose(written -> streamed(transaction, written, total));
    }
    return isSmall
        ? read(transaction.connection(), rows).compose(whole -> finished(whole, total))
        : streamed(transaction, new Written(rows, writer), total);
  }

  /** What is run, and what writes its rows. */
  record Written(SqlStatement statement, AnswerWriter writer) {}

  private Future<Void> streamed(
      ReadTransaction transaction, Written written, @Nullable Long total) {
    return next(transaction.connection())
        .compose(
            next ->
                new StreamedRead(this, reads, transaction, written.writer(), next)
                    .run(written.statement(), total));
  }

  /** Whether values go out in their own types, which the database is asked for first. */
  private boolean isTyped() {
    return form().isColumnar();
  }

  private Future<Written> typed(ReadTransaction transaction) {
    return transaction
        .columns(rows.text())
        .map(
            described -> {
              Columns columns = Columns.of(rows.columns(), described);
              SqlStatement sent = new TypedSql(rows).rows(columns.types(), described.size());
              return new Written(sent, columns.writer(form()));
            });
  }

  /** Where the page that follows begins; of a stream it is told before its rows are read. */
  private Future<Optional<String>> next(SqlClient client) {
    try {
      Optional<SqlStatement> last = planner.lastOfPage();
      return last.isEmpty()
          ? Future.succeededFuture(Optional.empty())
          : client
              .preparedQuery(last.get().text())
              .execute(CatalogStatements.tuple(last.get().parameters()))
              .compose(found -> next(found.size() == 0 ? null : found.iterator().next(), 1));
    } catch (QueryRefused refused) {
      return Future.failedFuture(refused);
    }
  }

  /**
   * Where the page that follows begins.
   *
   * @param last row of the page, if it is full; null else
   * @param columns that stand in it before the values that tell its position
   */
  private Future<Optional<String>> next(@Nullable Row last, int columns) {
    try {
      return Future.succeededFuture(planner.next(last == null ? null : position(last, columns)));
    } catch (QueryRefused refused) {
      return Future.failedFuture(refused);
    }
  }

  private List<@Nullable String> position(Row row, int columns) {
    List<@Nullable String> values = new ArrayList<>();
    for (int i = 0; i < planner.positionValues(); i++) {
      values.add(row.getString(columns + i));
    }
    return values;
  }

  RelationRequest request() {
    return request;
  }

  String sized() {
    return sized;
  }

  /** How it is answered, once the rows are read, or enough of them. */
  Future<RelationAnswer> answer(SqlClient transaction) {
    return isSaid
        ? ResponseSettings.of(transaction).map(answer::saying)
        : Future.succeededFuture(answer);
  }

  /** All rows, and how they are answered. */
  private record Whole(HeldRows rows, RelationAnswer answer) {}

  private Future<Whole> read(SqlClient client, SqlStatement statement) {
    Future<HeldRows> read =
        client
            .preparedQuery(statement.text())
            .collecting(HeldRows.collector(writer, room))
            .execute(CatalogStatements.tuple(statement.parameters()))
            .map(SqlResult::value);
    Future<RelationAnswer> said = answer(client); // travels behind it
    return read.compose(held -> said.map(how -> new Whole(held, how)));
  }

  private Future<Void> finished(Whole whole, @Nullable Long total) {
    HeldRows held = whole.rows();
    Buffer body = held.close();
    if (held.count() > 0) {
      reads.rowSizes().seen(sized, held.largest());
    }
    if (subject.isNothing()) {
      whole.answer().nothing();
      return Future.succeededFuture();
    }
    if (request.form().isSingle() && held.count() != 1) {
      return notSingle(held.count());
    }
    Row last = planner.isFull(held.count()) ? held.last() : null;
    return next(last, Math.max(1, rows.columns().size()))
        .compose(
            next -> {
              whole.answer().leadingTo(next).whole(body, held.count(), total);
              return Future.succeededFuture();
            });
  }

  private Future<Void> notSingle(int rowsRead) {
    if (rowsRead == 0) {
      return notSingle(0L);
    }
    return lanes.apart(
        false, transaction -> count.exact(transaction.connection()).compose(this::notSingle));
  }

  private Future<Void> notSingle(long all) {
    answer.notSingle(all);
    return Future.succeededFuture();
  }
}
