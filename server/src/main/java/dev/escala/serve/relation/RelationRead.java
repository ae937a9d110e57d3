package dev.escala.serve.relation;

import dev.escala.catalog.Relation;
import dev.escala.http.Problem;
import dev.escala.query.Page;
import dev.escala.query.QueryRefused;
import dev.escala.query.ReadPlanner;
import dev.escala.query.SqlStatement;
import dev.escala.serve.database.CatalogKeeper;
import dev.escala.serve.database.CatalogStatements;
import dev.escala.serve.database.DatabaseReads;
import dev.escala.serve.database.ReadTransaction;
import dev.escala.serve.rows.Bytes;
import dev.escala.serve.rows.MediaType;
import dev.escala.serve.rows.RowWriter;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import java.util.stream.Collector;
import org.jspecify.annotations.Nullable;

/**
 * One read of a relation: whole over a shared connection where there are few rows for certain, else
 * as a stream in a transaction of its own. With a count all is of one snapshot.
 */
final class RelationRead {
  /** More rows than this are streamed, so that no answer takes memory without bound. */
  private static final int MOST_WHOLE_ROWS = 1_000;

  /** Clients and proxies refuse answers with longer headers. */
  private static final int MOST_LOCATION_CHARACTERS = 2_000;

  private static final String BEGIN = "BEGIN READ ONLY";
  private static final String BEGIN_SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
  private static final CharSequence VARY = HttpHeaders.createOptimized("Accept, Prefer, Range");

  private final RelationRequest request;
  private final DatabaseReads reads;
  private final Relation relation;
  private final SqlStatement rows;
  private final boolean isSmall;
  private final RowWriter writer;
  private final RowCount count;

  RelationRead(
      RelationRequest request, DatabaseReads reads, CatalogKeeper.Loaded loaded, Relation relation)
      throws QueryRefused {
    this.request = request;
    this.reads = reads;
    this.relation = relation;
    Page page = request.read().page();
    ReadPlanner planner = new ReadPlanner(relation, request.read().with(readPage(page)));
    CatalogStatements statements = new CatalogStatements(loaded.generation());
    rows = statements.marked(planner.rows(form(request.form())));
    isSmall =
        planner.mostRows() <= MOST_WHOLE_ROWS
            && reads.rowSizes().mayHold(relation, planner.mostRows());
    writer = new RowWriter(request.form(), rows.columns());
    count = new RowCount(statements, planner, request.preferences().count());
  }

  private static ReadPlanner.Form form(MediaType type) {
    return switch (type) {
      case JSON, ARRAY, OBJECT, NDJSON -> ReadPlanner.Form.JSON;
      case STRIPPED_ARRAY, STRIPPED_OBJECT -> ReadPlanner.Form.STRIPPED_JSON;
      case CSV -> ReadPlanner.Form.TEXT;
    };
  }

  /** A second row is enough to know that an object cannot be answered. */
  private Page readPage(Page page) {
    Long limit = page.limit();
    boolean single = request.form().isSingle();
    return single && (limit == null || limit > 2) ? new Page(page.offset(), 2L) : page;
  }

  /** Answers, or fails before anything was answered. */
  Future<Void> run() {
    if (isSmall && !count.isWanted()) {
      return whole(reads.pipelined(), null);
    }
    return ReadTransaction.on(reads.streams())
        .compose(
            transaction -> {
              HttpServerResponse response = request.exchange().request().response();
              if (response.closed()) {
                transaction.end(null);
                return Future.succeededFuture();
              }
              response.closeHandler(
                  gone -> {
                    if (!response.ended()) {
                      transaction.cancel();
                    }
                  });
              transaction.begin(count.isWanted() ? BEGIN_SNAPSHOT : BEGIN);
              return count
                  .total(transaction.connection())
                  .compose(total -> rows(transaction, total))
                  .onComplete(done -> transaction.end(done.cause()));
            });
  }

  private Future<Void> rows(ReadTransaction transaction, @Nullable Long total) {
    return isSmall
        ? whole(transaction.connection(), total)
        : new StreamedRead(this, reads, transaction).run(rows, total);
  }

  RelationRequest request() {
    return request;
  }

  Relation relation() {
    return relation;
  }

  RowWriter writer() {
    return writer;
  }

  /** Rows as octets, and how many there are. */
  static final class Body {
    private final RowWriter writer;
    private final Bytes bytes;
    private int rows;
    private int largest;

    Body(RowWriter writer, int capacity) {
      this.writer = writer;
      bytes = new Bytes(capacity);
    }

    void add(Row row) {
      int before = bytes.length();
      writer.row(bytes, row, rows == 0);
      largest = Math.max(largest, bytes.length() - before);
      rows++;
    }
  }

  private Future<Void> whole(SqlClient client, @Nullable Long total) {
    Collector<Row, Body, Body> collector =
        Collector.of(
            () -> {
              Body body = new Body(writer, 1024);
              writer.open(body.bytes);
              return body;
            },
            Body::add,
            (left, right) -> left,
            Collector.Characteristics.IDENTITY_FINISH);
    return client
        .preparedQuery(rows.text())
        .collecting(collector)
        .execute(CatalogStatements.tuple(rows.parameters()))
        .compose(result -> finished(result.value(), total));
  }

  private Future<Void> finished(Body body, @Nullable Long total) {
    writer.close(body.bytes);
    if (body.rows > 0) {
      reads.rowSizes().seen(relation, body.largest);
    }
    if (request.form().isSingle() && body.rows != 1) {
      return notSingle(body.rows);
    }
    answer(body.bytes.toBuffer(), body.rows, total);
    return Future.succeededFuture();
  }

  private Future<Void> notSingle(int rowsRead) {
    Future<Long> counted =
        rowsRead == 0 ? Future.succeededFuture(0L) : count.exact(reads.pipelined());
    return counted.map(
        all -> {
          Page page = request.read().page();
          long left = Math.max(0, all - page.offset());
          Long limit = page.limit();
          request
              .exchange()
              .problem(
                  new Problem(
                      406,
                      "PGRST116",
                      "Cannot coerce the result to a single JSON object",
                      "The result contains %d rows"
                          .formatted(limit == null ? left : Math.min(left, limit)),
                      null));
          return null;
        });
  }

  /** Answers with all rows of the page. */
  void answer(Buffer body, int rowsRead, @Nullable Long total) {
    long offset = request.read().page().offset();
    if (total != null && offset > total) {
      request.exchange().with(HttpHeaders.CONTENT_RANGE, "*/" + total);
      request
          .exchange()
          .problem(
              new Problem(
                  416,
                  "PGRST103",
                  "Requested range not satisfiable",
                  "An offset of %d was requested, but there are only %d rows."
                      .formatted(offset, total),
                  null));
      return;
    }
    request.exchange().with(HttpHeaders.CONTENT_RANGE, contentRange(offset, rowsRead, total));
    request.exchange().answer(headers(rowsRead, total), request.form().header(), body);
  }

  private static String contentRange(long offset, long rowsRead, @Nullable Long total) {
    String pages = rowsRead == 0 ? "*" : offset + "-" + (offset + rowsRead - 1);
    return pages + "/" + (total == null ? "*" : Long.toString(total));
  }

  /** Sets the headers that do not depend on the rows, and gives the status. */
  int headers(long rowsRead, @Nullable Long total) {
    if (request.exchange().query().length() <= MOST_LOCATION_CHARACTERS) {
      request.exchange().with("Content-Location", request.location());
    }
    request.exchange().with(HttpHeaders.VARY, VARY);
    request
        .preferences()
        .applied()
        .ifPresent(applied -> request.exchange().with("Preference-Applied", applied));
    return total != null && rowsRead < total ? 206 : 200;
  }
}
