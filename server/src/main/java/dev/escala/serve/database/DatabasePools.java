package dev.escala.serve.database;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnectOptions;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * All connections of the process to one database for reading, within the budget of its settings.
 */
public final class DatabasePools {
  /** PostgreSQL ends what a process that is gone left open, so much later than it would itself. */
  private static final Duration BEHIND = Duration.ofSeconds(15);

  private final Vertx vertx;
  private final DatabaseSettings settings;
  private final List<SqlClient> pipelined;
  private final BoundedPool streams;
  private final BoundedPool sql;

  public DatabasePools(Vertx vertx, DatabaseSettings settings, int eventLoops) {
    this.vertx = vertx;
    this.settings = settings;
    PoolSettings pools = settings.pools();
    pipelined = pipelined(pools.pipelined(), Math.min(pools.pipelined(), eventLoops));
    streams =
        bounded(
            new BoundedPool.Bounds("streams", pools.streams(), pools.waiting(), pools.patience()),
            exclusive(settings.timeout(), pools.stalled().plus(BEHIND)));
    // Escala's own deadline comes first; these stand behind it, should Escala go away.
    Duration limit = settings.sql().timeout().plusSeconds(1);
    sql =
        bounded(
            new BoundedPool.Bounds(
                "connections for SQL", pools.sql(), pools.waiting(), pools.patience()),
            // What others wrote is prepared once; kept, it could be read by the next.
            exclusive(limit, limit).setCachePreparedStatements(false));
  }

  /** Several clients, so that an event loop mostly finds connections of its own. */
  private List<SqlClient> pipelined(int connections, int clients) {
    return IntStream.range(0, clients)
        .mapToObj(
            i ->
                PgBuilder.client()
                    .with(
                        new PoolOptions()
                            .setMaxSize(connections / clients + (i < connections % clients ? 1 : 0))
                            .setMaxWaitQueueSize(DatabaseReads.MAX_IN_FLIGHT))
                    .connectingTo(
                        loggedIn(ReadConnectOptions.to(settings.reads(), settings.timeout())))
                    .using(vertx)
                    .build())
        .toList();
  }

  private BoundedPool bounded(BoundedPool.Bounds bounds, PgConnectOptions options) {
    return new BoundedPool(
        vertx,
        PgBuilder.pool()
            .with(new PoolOptions().setMaxSize(bounds.connections()))
            .connectingTo(loggedIn(options))
            .using(vertx)
            .build(),
        bounds);
  }

  private Supplier<Future<SqlConnectOptions>> loggedIn(PgConnectOptions options) {
    return () ->
        ReadConnectOptions.loggedIn(vertx, settings.reads(), options)
            .map(SqlConnectOptions.class::cast);
  }

  private PgConnectOptions exclusive(Duration statement, Duration idleInTransaction) {
    return ReadConnectOptions.to(settings.reads(), statement)
        .addProperty("lock_timeout", Long.toString(statement.toMillis()))
        .addProperty(
            "idle_in_transaction_session_timeout", Long.toString(idleInTransaction.toMillis()));
  }

  DatabaseSettings settings() {
    return settings;
  }

  /** For statements that end soon; they share connections with others. */
  SqlClient pipelined(int eventLoop) {
    return pipelined.get(eventLoop % pipelined.size());
  }

  /** For statements that last; each has its connection for itself. */
  BoundedPool streams() {
    return streams;
  }

  /** For SQL over HTTP. */
  BoundedPool sql() {
    return sql;
  }

  public void close() {
    pipelined.forEach(SqlClient::close);
    streams.close();
    sql.close();
  }
}
