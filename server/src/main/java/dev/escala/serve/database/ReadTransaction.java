package dev.escala.serve.database;

import dev.escala.http.connection.Client;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.desc.ColumnDescriptor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection of its own in a read-only transaction, given back in any case. */
public final class ReadTransaction {
  private final BoundedPool.Loan loan;
  private final PgConnection connection;
  private final Promise<Void> outlived = Promise.promise();
  private Future<Void> cancelled = Future.succeededFuture();
  private boolean begun;
  private boolean isCancelled;
  private boolean ended;

  private ReadTransaction(BoundedPool.Loan loan) {
    this.loan = loan;
    this.connection = loan.connection();
  }

  /** Takes a connection for a client, on which nothing has begun yet. */
  public static Future<ReadTransaction> on(BoundedPool pool, Client client) {
    return pool.lend(client).map(ReadTransaction::new);
  }

  /** Whether others wait for such a connection, or did a moment ago. */
  public boolean isWaitedFor() {
    return loan.isWaitedFor();
  }

  /** Statements may follow at once: they travel behind this one. */
  public Future<Void> begin(String statements) {
    begun = true;
    return connection.query(statements).execute().mapEmpty();
  }

  /** The columns of a statement, of which nothing runs. */
  public Future<List<ColumnDescriptor>> columns(String statement) {
    return ParsedColumns.of(connection, loan.context(), statement);
  }

  public SqlConnection connection() {
    return connection;
  }

  /** Stops the statement that runs now. */
  public void cancel() {
    if (!ended && !isCancelled) {
      isCancelled = true;
      cancelled = connection.cancelRequest().otherwiseEmpty();
      loan.cancelled(outlived::tryComplete);
    }
  }

  /**
   * Completes where a statement goes on though it was cancelled; its connection is no longer among
   * those that others wait for.
   */
  public Future<Void> outlived() {
    return outlived.future();
  }

  /**
   * Rolls back and gives the connection back.
   *
   * @param failure of the last statement, or null
   */
  public void end(@Nullable Throwable failure) {
    if (ended) {
      return;
    }
    ended = true;
    boolean mayComeLate = isCancelled && !isCancellation(failure);
    boolean isAbandoned = outlived.future().isComplete();
    cancelled
        .compose(ignored -> mayComeLate || isAbandoned ? terminate() : rollback())
        .eventually(connection::close)
        .onComplete(ignored -> loan.end());
  }

  public static boolean isCancellation(@Nullable Throwable failure) {
    return failure instanceof PgException refused && refused.getSqlState().equals("57014");
  }

  private Future<Void> rollback() {
    if (!begun) {
      return Future.succeededFuture();
    }
    return connection
        .query("ROLLBACK")
        .execute()
        .<Void>mapEmpty()
        // A cancellation that came late hit it, and the transaction is still there.
        .recover(failure -> isCancellation(failure) ? rollback() : Future.failedFuture(failure));
  }

  /**
   * A cancellation that hit nothing yet must not hit the next who takes the connection, nor may
   * that one meet it before its end has come.
   */
  private Future<Void> terminate() {
    Promise<Void> closed = Promise.promise();
    connection.closeHandler(ignored -> closed.tryComplete());
    connection.exceptionHandler(asked -> {}); // without one its end is printed
    return connection
        .query("ROLLBACK; SELECT pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid())")
        .execute()
        .<Void>mapEmpty()
        .recover(failure -> isCancellation(failure) ? rollback() : closed.future());
  }
}
