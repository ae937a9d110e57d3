package dev.escala.serve.relation;

import dev.escala.http.AnswerRoom;
import dev.escala.http.Exchange;
import dev.escala.http.JsonText;
import dev.escala.http.Problem;
import dev.escala.http.Reply;
import dev.escala.observe.Observation;
import dev.escala.query.SqlStatement;
import dev.escala.serve.database.CatalogStatements;
import dev.escala.serve.database.DatabaseErrors;
import dev.escala.serve.database.DatabaseReads;
import dev.escala.serve.database.ErrorAnswers;
import dev.escala.serve.database.NoRoom;
import dev.escala.serve.database.ReadTransaction;
import dev.escala.serve.rows.AnswerWriter;
import dev.escala.serve.rows.Bytes;
import dev.escala.serve.rows.RowSizes;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.sqlclient.Cursor;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads through a cursor and writes as fast as the client takes it: memory holds one batch. Once
 * the first octets are out an error can only break the connection off.
 */
final class StreamedRead {
  /** Before the first octets are out; until then an error is a problem with a code. */
  private static final int MOST_HELD_ROWS = 500;

  /** No timer has this number. */
  private static final long NOBODY = -1;

  private static final int BATCH_BYTES = 64 * 1024;

  private final RelationRead read;
  private final DatabaseReads reads;
  private final ReadTransaction transaction;
  private final AnswerWriter writer;
  private final AnswerRoom room;
  private final Reply reply;
  private final Promise<Void> written = Promise.promise();
  private final Optional<String> next;
  private long stalled = NOBODY;
  private boolean gone;
  private long rowsWritten;
  private int roomTaken;

  /**
   * Reads in a transaction.
   *
   * @param writer of the rows
   * @param next where the page begins that follows, if one does
   */
  StreamedRead(
      RelationRead read,
      DatabaseReads reads,
      ReadTransaction transaction,
      AnswerWriter writer,
      Optional<String> next) {
    this.read = read;
    this.writer = writer;
    this.room = read.request().exchange().room();
    this.next = next;
    this.reads = reads;
    this.transaction = transaction;
    this.reply = read.request().exchange().reply();
  }

  /** Completes when all is written, or broken off; fails if nothing was. */
  Future<Void> run(SqlStatement statement, @Nullable Long total) {
    reply.onClose(this::clientGone);
    return transaction
        .connection()
        .prepare(statement.text())
        .map(prepared -> prepared.cursor(CatalogStatements.tuple(statement.parameters())))
        .compose(
            cursor -> {
              Bytes out = new Bytes(BATCH_BYTES);
              writer.open(out);
              return first(cursor, out, total);
            })
        .onComplete(ignored -> room.giveBack());
  }

  private Future<Void> first(Cursor cursor, Bytes out, @Nullable Long total) {
    return cursor.read(batchRows()).compose(rows -> first(cursor, out, rows, total));
  }

  private Future<Void> first(Cursor cursor, Bytes out, RowSet<Row> rows, @Nullable Long total) {
    if (gone) {
      return Future.succeededFuture();
    }
    write(out, rows);
    takeRoom();
    int held = out.length() + writer.held();
    if (cursor.hasMore() && rowsWritten < MOST_HELD_ROWS && held < RowSizes.WHOLE) {
      return first(cursor, out, total);
    }
    return read.answer(transaction.connection())
        .compose(answer -> answer(answer.leadingTo(next), cursor, out, total));
  }

  private Future<Void> answer(
      RelationAnswer answer, Cursor cursor, Bytes out, @Nullable Long total) {
    if (gone) {
      return Future.succeededFuture();
    }
    if (!cursor.hasMore()) {
      writer.close(out);
      answer.whole(out.toBuffer(), (int) rowsWritten, total);
      return Future.succeededFuture();
    }
    begin(answer, total);
    if (read.request().exchange().isHead()) {
      return reply.end();
    }
    guarded(() -> send(cursor, out.toBuffer()));
    return written.future();
  }

  private void begin(RelationAnswer answer, @Nullable Long total) {
    long offset = read.request().read().page().offset();
    Long limit = read.request().read().page().limit();
    long rows = 0;
    String range = "*/*"; // how many rows will come nobody has counted
    if (total != null && read.request().isInTheMiddle()) {
      range = "*/" + total;
    } else if (total != null) {
      rows = limit == null ? total - offset : Math.min(limit, total - offset);
      range = offset + "-" + (offset + rows - 1) + "/" + total;
    }
    Exchange exchange = read.request().exchange();
    exchange.with(HttpHeaders.CONTENT_RANGE, range);
    reply.status(answer.headers(rows, total));
    exchange.with(HttpHeaders.CONTENT_TYPE, answer.type());
    exchange.inPieces();
  }

  private void send(Cursor cursor, Buffer octets) {
    reply.write(octets);
    if (reply.isFull()) {
      awaitClient(cursor);
    } else {
      next(cursor);
    }
  }

  private void awaitClient(Cursor cursor) {
    Exchange exchange = read.request().exchange();
    Vertx vertx = exchange.context().owner();
    exchange.waitsForClient();
    stalled =
        vertx.setTimer(reads.settings().pools().stalled().toMillis(), ignored -> exchange.cutOff());
    reply.onDrain(
        () -> {
          exchange.time().clientTook();
          vertx.cancelTimer(stalled);
          if (isTooSlow()) {
            exchange.cutOff();
          } else {
            guarded(() -> next(cursor));
          }
        });
  }

  /** Others wait for a stream, and this client takes its time. */
  private boolean isTooSlow() {
    Duration waited = read.request().exchange().time().waitedForClient();
    return reads.settings().pools().isTooSlow(reply.bytesWritten(), waited)
        && transaction.isWaitedFor();
  }

  private void next(Cursor cursor) {
    if (gone) {
      written.tryComplete();
      return;
    }
    cursor
        .read(batchRows())
        .onSuccess(rows -> guarded(() -> batch(cursor, rows)))
        .onFailure(this::broken);
  }

  private void batch(Cursor cursor, RowSet<Row> rows) {
    if (gone) {
      written.tryComplete();
      return;
    }
    Bytes out = new Bytes(BATCH_BYTES);
    write(out, rows);
    takeRoom();
    if (cursor.hasMore() && out.length() == 0) {
      next(cursor);
    } else if (cursor.hasMore()) {
      send(cursor, out.toBuffer());
    } else {
      writer.close(out);
      reply.end(out.toBuffer());
      written.tryComplete();
    }
  }

  private int batchRows() {
    return reads.rowSizes().batch(read.sized());
  }

  private void write(Bytes out, RowSet<Row> rows) {
    int largest = 0;
    for (Row row : rows) {
      largest = Math.max(largest, writer.row(out, row, rowsWritten == 0));
      rowsWritten++;
    }
    if (rows.size() > 0) {
      reads.rowSizes().seen(read.sized(), largest);
    }
  }

  /** What the writer holds beside a batch has to find room among answers while they are made. */
  private void takeRoom() {
    int more = writer.held() - BATCH_BYTES - roomTaken;
    if (more <= 0) {
      return;
    }
    if (!room.take(more)) {
      throw new NoRoom();
    }
    roomTaken += more;
  }

  /** Handlers of Vert.x that throw would leave the request without an end. */
  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException failure) {
      broken(failure);
    }
  }

  private void clientGone() {
    if (reply.isEnded()) {
      return; // with the whole answer: over HTTP/2 each end closes its stream
    }
    gone = true;
    read.request().exchange().context().owner().cancelTimer(stalled);
    transaction.cancel();
    written.tryComplete();
  }

  /**
   * The answer has begun: where it is out, only its missing end, and in NDJSON a last line, tell of
   * the error.
   */
  private void broken(Throwable failure) {
    Exchange exchange = read.request().exchange();
    if (!gone && reply.startAgain()) {
      ErrorAnswers.failed(exchange, failure, reads.observer());
    } else if (!gone) {
      Problem problem = DatabaseErrors.of(failure);
      exchange.brokenOff(problem.status());
      if (DatabaseErrors.isOurs(failure, problem)) {
        reads
            .observer()
            .observed(new Observation.RequestFailed(exchange.route(), failure, exchange.trace()));
      }
      byte[] last = writer.brokenOff(JsonText.of(Map.of("error", problem.members())));
      reply.write(Buffer.buffer(last)).onComplete(ignored -> reply.breakOff());
    }
    written.tryComplete();
  }
}
