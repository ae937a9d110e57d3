package dev.escala.serve;

import dev.escala.observe.Observer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnectOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The connections of one event loop to one database; only touched on that loop. */
final class DatabaseReads {
  private static final int PIPELINED_CONNECTIONS = 4;
  private static final int STREAMS = 8;
  private static final int WAITING_STREAMS = 64;
  private static final int SQL_CONNECTIONS = 2;
  private static final int WAITING_SQL = 16;
  private static final int MAX_IN_FLIGHT = 1024;
  private static final Duration STALLED_READER = Duration.ofSeconds(60);

  private final DatabaseSettings settings;
  private final CatalogKeeper keeper;
  private final Observer observer;
  private final Context context;
  private final SqlClient pipelined;
  private final Pool streams;
  private final Pool sql;
  private final RowSizes rowSizes = new RowSizes();
  private int inFlight;

  DatabaseReads(Vertx vertx, DatabaseSettings settings, CatalogKeeper keeper, Observer observer) {
    this.settings = settings;
    this.keeper = keeper;
    this.observer = observer;
    context = vertx.getOrCreateContext();
    pipelined =
        PgBuilder.client()
            .with(pool(PIPELINED_CONNECTIONS, MAX_IN_FLIGHT))
            .connectingTo(loggedIn(vertx, Connections.to(settings.reads(), settings.timeout())))
            .using(vertx)
            .build();
    streams =
        PgBuilder.pool()
            .with(pool(STREAMS, WAITING_STREAMS))
            .connectingTo(loggedIn(vertx, exclusive(settings.timeout(), STALLED_READER)))
            .using(vertx)
            .build();
    // Escala's own deadline comes first; these stand behind it, should Escala go away.
    Duration limit = settings.sql().timeout().plusSeconds(1);
    sql =
        PgBuilder.pool()
            .with(
                pool(SQL_CONNECTIONS, WAITING_SQL)
                    .setConnectionTimeout((int) limit.toMillis())
                    .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS))
            // What others wrote is prepared once; kept, it could be read by the next.
            .connectingTo(
                loggedIn(vertx, exclusive(limit, limit).setCachePreparedStatements(false)))
            .using(vertx)
            .build();
  }

  private Supplier<Future<SqlConnectOptions>> loggedIn(Vertx vertx, PgConnectOptions options) {
    return () ->
        Connections.loggedIn(vertx, settings.reads(), options).map(SqlConnectOptions.class::cast);
  }

  private PgConnectOptions exclusive(Duration statement, Duration idleInTransaction) {
    return Connections.to(settings.reads(), statement)
        .addProperty("lock_timeout", Long.toString(statement.toMillis()))
        .addProperty(
            "idle_in_transaction_session_timeout", Long.toString(idleInTransaction.toMillis()));
  }

  private static PoolOptions pool(int size, int waiting) {
    return new PoolOptions().setMaxSize(size).setMaxWaitQueueSize(waiting);
  }

  DatabaseSettings settings() {
    return settings;
  }

  CatalogKeeper keeper() {
    return keeper;
  }

  Observer observer() {
    return observer;
  }

  Context context() {
    return context;
  }

  RowSizes rowSizes() {
    return rowSizes;
  }

  /** For statements that end soon; they share connections with others. */
  SqlClient pipelined() {
    return pipelined;
  }

  /** For statements that last; each has its connection for itself. */
  Pool streams() {
    return streams;
  }

  /** For SQL over HTTP. */
  Pool sql() {
    return sql;
  }

  /** Runs unless too much is running: then fails at once, so that a burst does not pile up. */
  <T> Future<T> admitted(Supplier<Future<T>> work) {
    if (inFlight >= MAX_IN_FLIGHT) {
      return Future.failedFuture(new Overloaded());
    }
    inFlight++;
    return Future.succeededFuture().compose(ignored -> work.get()).onComplete(done -> inFlight--);
  }

  /** More requests are running on an event loop than it may have at once. */
  static final class Overloaded extends Exception {
    private static final long serialVersionUID = 1L;

    Overloaded() {
      super("too many requests at once", null, false, false);
    }
  }

  void close() {
    context.runOnContext(
        ignored -> {
          pipelined.close();
          streams.close();
          sql.close();
        });
  }
}
