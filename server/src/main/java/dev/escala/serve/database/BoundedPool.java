package dev.escala.serve.database;

import dev.escala.http.connection.Client;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.internal.ContextInternal;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * Connections that are each lent to one request at a time, shared by all event loops, of which no
 * client gets more than its share. Tells apart that all are in use, which is the doing of other
 * requests, and that the database does not answer.
 */
final class BoundedPool {
  /** A statement that can be cancelled ends at once; what goes on after this goes on for long. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  /** No timer has this number. */
  private static final long NOBODY = -1;

  /** For so long after somebody had to wait, those who are slow have to be faster. */
  private static final long WAITED_FOR_NANOS = Duration.ofSeconds(10).toNanos();

  private final Vertx vertx;
  private final Pool pool;
  private final Pool replacements;
  private final Bounds bounds;
  private final Outliving outliving;

  // Guarded by this, for a few instructions; nothing is asked of the database meanwhile.
  private final Deque<Waiter> waiting = new ArrayDeque<>();
  private final Map<Client, Integer> lentTo = new HashMap<>();
  private final Set<Loan> outlived = new LinkedHashSet<>();
  private int lent;
  private int ofPool;

  /** Whether who asked last for a connection got one. */
  private boolean isReached;

  private boolean everWaited;
  private long lastWaitNanos;

  /**
   * How many requests may have a connection, and how many more may wait how long for one.
   *
   * @param what the connections are called towards clients
   * @param each how many of them one client may have
   * @param abandoned how many loans may give up their place while their statement goes on
   */
  record Bounds(
      String what, int connections, int each, int waiting, Duration patience, int abandoned) {}

  /** Is told of each statement that goes on though it was cancelled, and of its end. */
  interface Outliving {
    /** With how many there are now. */
    void began(int processId, int now);

    /** The reverse. */
    void ended(int processId, int now);
  }

  /** A connection on loan; to be given back in any case. */
  final class Loan {
    private final PgConnection connection;
    private final Client client;
    private final boolean replaces;
    private long grace = NOBODY;
    private boolean placeGivenUp; // guarded by the pool

    private Loan(PgConnection connection, Client client, boolean replaces) {
      this.connection = connection;
      this.client = client;
      this.replaces = replaces;
    }

    PgConnection connection() {
      return connection;
    }

    /** Of who runs this now. */
    ContextInternal context() {
      return (ContextInternal) vertx.getOrCreateContext();
    }

    /**
     * Its statement was cancelled. If it goes on all the same, somebody else gets its place, as
     * long as there are not too many of its kind.
     */
    void cancelled(Runnable goesOn) {
      grace =
          vertx.setTimer(
              GRACE.toMillis(),
              ignored -> {
                outlives(this);
                goesOn.run();
              });
    }

    /** Gives it back; once. */
    void end() {
      vertx.cancelTimer(grace);
      taken(replaces, -1);
      freedByTheEndOf(this).ifPresent(BoundedPool.this::passOn);
    }

    /** Whether somebody waits for such a connection, or did a moment ago. */
    boolean isWaitedFor() {
      synchronized (BoundedPool.this) {
        return everWaited && System.nanoTime() - lastWaitNanos < WAITED_FOR_NANOS;
      }
    }
  }

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

  /**
   * The pools of the driver are made for so many connections each. One pool for all would open a
   * connection for an event loop that has none, as long as it may, and not lend one of another's.
   */
  BoundedPool(Vertx vertx, IntFunction<Pool> pools, Bounds bounds, Outliving outliving) {
    this.vertx = vertx;
    this.pool = pools.apply(bounds.connections());
    this.replacements = bounds.abandoned() == 0 ? pool : pools.apply(bounds.abandoned());
    this.bounds = bounds;
    this.outliving = outliving;
  }

  /**
   * Lends a connection on which nothing has begun yet; fails as {@link Busy} where none is free.
   */
  Future<Loan> lend(Client client) {
    Context context = vertx.getOrCreateContext();
    synchronized (this) {
      if (lent < bounds.connections() && isBelowShare(client)) {
        lent++;
        lentTo.merge(client, 1, Integer::sum);
      } else {
        return waitFor(client, context);
      }
    }
    return connect(client);
  }

  private boolean isBelowShare(Client client) {
    return lentTo.getOrDefault(client, 0) < bounds.each();
  }

  private Future<Loan> waitFor(Client client, Context context) {
    everWaited = true;
    lastWaitNanos = System.nanoTime();
    long alike = waiting.stream().filter(waiter -> waiter.client.equals(client)).count();
    // Half of the line for one client, so that others find the end of it in reach.
    if (waiting.size() >= bounds.waiting() || alike * 2 > bounds.waiting()) {
      return Future.failedFuture(refusal());
    }
    Waiter waiter = new Waiter(client, context);
    waiting.add(waiter);
    return waiter.turn.future().compose(ignored -> connect(client));
  }

  private Future<Loan> connect(Client client) {
    boolean replaces = takesReplacement();
    return (replaces ? replacements : pool)
        .getConnection()
        .onFailure(
            ignored -> {
              reached(false);
              taken(replaces, -1);
              passOn(client);
            })
        .map(
            taken -> {
              reached(true);
              return new Loan(PgConnection.cast(taken), client, replaces);
            });
  }

  /** Whether those that are abandoned take what the pool may have. */
  private synchronized boolean takesReplacement() {
    boolean replaces = ofPool >= bounds.connections();
    taken(replaces, 1);
    return replaces;
  }

  private synchronized void taken(boolean replaces, int more) {
    ofPool += replaces ? 0 : more;
  }

  private synchronized void reached(boolean now) {
    isReached = now;
  }

  private void outlives(Loan loan) {
    int now;
    synchronized (this) {
      outlived.add(loan);
      now = outlived.size();
      loan.placeGivenUp = now <= bounds.abandoned();
    }
    outliving.began(loan.connection.processId(), now);
    if (loan.placeGivenUp) {
      passOn(loan.client);
    }
  }

  /**
   * Whose place is free now: its own; or, where it had given that up, the one of another that goes
   * on and still holds its own.
   */
  private Optional<Client> freedByTheEndOf(Loan loan) {
    int now;
    Optional<Client> freed;
    synchronized (this) {
      if (!outlived.remove(loan)) {
        return Optional.of(loan.client);
      }
      now = outlived.size();
      freed = loan.placeGivenUp ? nextGivesUp() : Optional.of(loan.client);
    }
    outliving.ended(loan.connection.processId(), now);
    return freed;
  }

  private Optional<Client> nextGivesUp() {
    Optional<Loan> next = outlived.stream().filter(each -> !each.placeGivenUp).findFirst();
    next.ifPresent(each -> each.placeGivenUp = true);
    return next.map(each -> each.client);
  }

  /** The processes of the database whose statements go on though they were cancelled. */
  synchronized List<Integer> outlived() {
    return outlived.stream().map(each -> each.connection.processId()).toList();
  }

  private void passOn(Client from) {
    next(from).ifPresent(Waiter::go);
  }

  /** The first who waits and has less than its share. */
  private synchronized Optional<Waiter> next(Client from) {
    lentTo.computeIfPresent(from, (client, many) -> many == 1 ? null : many - 1);
    for (Iterator<Waiter> line = waiting.iterator(); line.hasNext(); ) {
      Waiter next = line.next();
      if (isBelowShare(next.client)) {
        line.remove();
        lentTo.merge(next.client, 1, Integer::sum);
        return Optional.of(next);
      }
    }
    lent--;
    return Optional.empty();
  }

  private synchronized boolean leaves(Waiter waiter) {
    return waiting.remove(waiter);
  }

  /** Where nobody gets a connection, it is not others who keep them. */
  private synchronized Throwable refusal() {
    return isReached
        ? new Busy(
            "all %d %s, or your share of them".formatted(bounds.connections(), bounds.what()))
        : new VertxException("no connection to the database", true);
  }

  void close() {
    pool.close();
    replacements.close();
  }

  /** A request that waits for its turn. */
  private final class Waiter {
    private final Promise<Void> turn = Promise.promise();
    private final Client client;
    private final Context context;
    private final long timer;

    Waiter(Client client, Context context) {
      this.client = client;
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
