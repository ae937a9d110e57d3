package dev.escala.serve.database;

import dev.escala.config.DatabaseUrl;
import dev.escala.observe.Observation;
import dev.escala.observe.Observer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnectOptions;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * All connections of the process to one server of a database for reading, within the budget of its
 * settings.
 */
final class DatabasePools {
  /** PostgreSQL ends what a process that is gone left open, so much later than it would itself. */
  private static final Duration BEHIND = Duration.ofSeconds(15);

  private final Vertx vertx;
  private final DatabaseSettings settings;
  private final DatabaseUrl url;
  private final List<SqlClient> pipelined;
  private final Map<Integer, SharedConnections> shared = new ConcurrentHashMap<>();
  private final SqlClient probe;
  private final BoundedPool streams;
  private final BoundedPool sql;

  /**
   * Opens none before it is needed.
   *
   * @param url of the server
   */
  DatabasePools(
      Vertx vertx, DatabaseSettings settings, DatabaseUrl url, int eventLoops, Observer observer) {
    this.vertx = vertx;
    this.settings = settings;
    this.url = url;
    PoolSettings pools = settings.pools();
    pipelined = pipelined(pools.pipelined(), Math.min(pools.pipelined(), eventLoops));
    probe =
        PgBuilder.client()
            .with(new PoolOptions().setMaxSize(1))
            .connectingTo(loggedIn(ReadConnectOptions.to(url, settings.timeout())))
            .using(vertx)
            .build();
    streams =
        bounded(
            new BoundedPool.Bounds(
                "streams",
                pools.streams(),
                pools.ofClient(pools.streams()),
                pools.waiting(),
                pools.patience(),
                0),
            reading(exclusive(settings.timeout(), pools.stalled().plus(BEHIND))),
            observer);
    // Escala's own deadline comes first; these stand behind it, should Escala go away.
    Duration limit = settings.sql().timeout().plusSeconds(1);
    sql =
        bounded(
            new BoundedPool.Bounds(
                "connections for SQL",
                pools.sql(),
                pools.ofClient(pools.sql()),
                pools.waiting(),
                pools.patience(),
                pools.abandoned()),
            // What others wrote is prepared once; kept, it could be read by the next.
            exclusive(limit, limit).setCachePreparedStatements(false),
            observer);
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
                    .connectingTo(loggedIn(reading(ReadConnectOptions.to(url, quick()))))
                    .using(vertx)
                    .build())
        .toList();
  }

  /** What takes longer is stopped, and goes on apart: nobody waits behind it. */
  private Duration quick() {
    Duration quick = settings.pools().quick();
    return quick.compareTo(settings.timeout()) < 0 ? quick : settings.timeout();
  }

  private BoundedPool bounded(
      BoundedPool.Bounds bounds, PgConnectOptions options, Observer observer) {
    return new BoundedPool(
        vertx, size -> pool(size, options), bounds, new Reported(settings.name(), observer));
  }

  private Pool pool(int size, PgConnectOptions options) {
    return PgBuilder.pool()
        .with(new PoolOptions().setMaxSize(size))
        .withConnectHandler(DatabasePools::opened)
        .connectingTo(loggedIn(options))
        .using(vertx)
        .build();
  }

  private static void opened(SqlConnection connection) {
    ShortErrors.on(connection);
    connection.close(); // it goes to the pool
  }

  /** Statements that go on though they were cancelled, for the log and the metrics. */
  private record Reported(String database, Observer observer) implements BoundedPool.Outliving {
    @Override
    public void began(int processId, int now) {
      observer.observed(new Observation.StatementOutlived(database, processId, now));
    }

    @Override
    public void ended(int processId, int now) {
      observer.observed(new Observation.StatementEnded(database, processId, now));
    }
  }

  private Supplier<Future<SqlConnectOptions>> loggedIn(PgConnectOptions options) {
    return () ->
        ReadConnectOptions.loggedIn(vertx, url, options).map(SqlConnectOptions.class::cast);
  }

  /** For reads of relations; SQL over HTTP has rules, and a search path, of its own. */
  private PgConnectOptions reading(PgConnectOptions options) {
    return options.addProperty("search_path", settings.searchPath());
  }

  private PgConnectOptions exclusive(Duration statement, Duration idleInTransaction) {
    return ReadConnectOptions.to(url, statement)
        .addProperty("lock_timeout", Long.toString(statement.toMillis()))
        .addProperty(
            "idle_in_transaction_session_timeout", Long.toString(idleInTransaction.toMillis()));
  }

  /** For statements that end soon; they share connections with others. */
  SqlClient pipelined(int eventLoop) {
    return pipelined.get(eventLoop % pipelined.size());
  }

  /**
   * The same number of connections for those whose statements have to follow each other; of the two
   * kinds one is used: this where callers have roles.
   */
  SharedConnections shared(int eventLoop, Context home) {
    int clients = pipelined.size();
    int place = eventLoop % clients;
    int all = settings.pools().pipelined();
    int connections = all / clients + (place < all % clients ? 1 : 0);
    return shared.computeIfAbsent(
        place,
        ignored -> {
          PgConnectOptions options = ReadConnectOptions.to(url, quick());
          return new SharedConnections(home, connections, () -> connect(home, options));
        });
  }

  private Future<PgConnection> connect(Context home, PgConnectOptions options) {
    Promise<PgConnection> connected = ((ContextInternal) home).promise();
    home.runOnContext(
        ignored ->
            ReadConnectOptions.loggedIn(vertx, url, options)
                .compose(loggedIn -> PgConnection.connect(vertx, loggedIn))
                .onComplete(connected));
    return connected.future();
  }

  /** For the probe alone: it asks how the database is, and not how much is asked of it. */
  SqlClient probe() {
    return probe;
  }

  /** For statements that last; each has its connection for itself. */
  BoundedPool streams() {
    return streams;
  }

  /** For SQL over HTTP. */
  BoundedPool sql() {
    return sql;
  }

  void close() {
    pipelined.forEach(SqlClient::close);
    shared.values().forEach(SharedConnections::close);
    probe.close();
    streams.close();
    sql.close();
  }
}
