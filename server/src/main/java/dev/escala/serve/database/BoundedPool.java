package dev.escala.serve.database;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Connections that are each lent to one request at a time, shared by all event loops. Tells apart
 * that all are in use, which is the doing of other requests, and that the database does not answer.
 */
final class BoundedPool {
  private final Vertx vertx;
  private final Pool pool;
  private final Bounds bounds;

  // Guarded by this, for a few instructions; nothing is asked of the database meanwhile.
  private final Deque<Waiter> waiting = new ArrayDeque<>();
  private int lent;
  private int connected;

  /**
   * How many requests may have a connection, and how many more may wait how long for one.
   *
   * @param what the connections are called towards clients
   */
  record Bounds(String what, int connections, int waiting, Duration patience) {}

  /** A connection on loan; to be given back in any case. */
  record Loan(PgConnection connection, Runnable end) {}

  /** All connections are in use by other requests. */
  static final class Busy extends Exception {
    private static final long serialVersionUID = 1L;

    private final String what;

    Busy(String what) {
      super(what + " are in use", null, false, false);
      this.what = what;
    }

    /** Which connections, all of them. */
    String what() {
      return what;
    }
  }

  BoundedPool(Vertx vertx, Pool pool, Bounds bounds) {
    this.vertx = vertx;
    this.pool = pool;
    this.bounds = bounds;
  }

  /**
   * Lends a connection on which nothing has begun yet; fails as {@link Busy} where none is free.
   */
  Future<Loan> lend() {
    Context context = vertx.getOrCreateContext();
    synchronized (this) {
      if (lent < bounds.connections()) {
        lent++;
      } else if (waiting.size() >= bounds.waiting()) {
        return Future.failedFuture(refusal());
      } else {
        Waiter waiter = new Waiter(context);
        waiting.add(waiter);
        return waiter.turn.future().compose(ignored -> connect());
      }
    }
    return connect();
  }

  private Future<Loan> connect() {
    return pool.getConnection()
        .onFailure(ignored -> passOn())
        .map(
            taken -> {
              count(1);
              return new Loan(PgConnection.cast(taken), this::giveBack);
            });
  }

  private synchronized void count(int more) {
    connected += more;
  }

  private void giveBack() {
    count(-1);
    passOn();
  }

  private void passOn() {
    next().ifPresent(Waiter::go);
  }

  private synchronized Optional<Waiter> next() {
    Waiter next = waiting.poll();
    if (next == null) {
      lent--;
    }
    return Optional.ofNullable(next);
  }

  private synchronized boolean leaves(Waiter waiter) {
    return waiting.remove(waiter);
  }

  /** Where nobody ever got a connection, it is not others who keep them. */
  private synchronized Throwable refusal() {
    return connected > 0
        ? new Busy("all %d %s".formatted(bounds.connections(), bounds.what()))
        : new VertxException("no connection to the database", true);
  }

  void close() {
    pool.close();
  }

  /** A request that waits for its turn. */
  private final class Waiter {
    private final Promise<Void> turn = Promise.promise();
    private final Context context;
    private final long timer;

    Waiter(Context context) {
      this.context = context;
      this.timer = vertx.setTimer(bounds.patience().toMillis(), ignored -> giveUp());
    }

    private void giveUp() {
      if (leaves(this)) {
        turn.fail(refusal());
      }
    }

    void go() {
      vertx.cancelTimer(timer);
      context.runOnContext(ignored -> turn.complete());
    }
  }
}
