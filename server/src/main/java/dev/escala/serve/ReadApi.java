package dev.escala.serve;

import dev.escala.http.BodyReader;
import dev.escala.http.Exchange;
import dev.escala.http.Handler;
import dev.escala.http.Router;
import dev.escala.model.TableNews;
import dev.escala.observe.HealthProbe;
import dev.escala.observe.Observer;
import dev.escala.serve.database.CatalogKeeper;
import dev.escala.serve.database.DatabaseProbe;
import dev.escala.serve.database.DatabaseReads;
import dev.escala.serve.database.DatabaseSettings;
import dev.escala.serve.database.DatabaseWatch;
import dev.escala.serve.database.ErrorAnswers;
import dev.escala.serve.database.ReadServers;
import dev.escala.serve.mcp.Endpoints;
import dev.escala.serve.mcp.McpApi;
import dev.escala.serve.relation.RelationHandler;
import dev.escala.serve.relation.RoutineHandler;
import dev.escala.serve.rows.Negotiation;
import dev.escala.serve.sql.SqlApi;
import dev.escala.serve.tail.TailApi;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The read side over HTTP: {@code GET /}, {@code /{database}}, {@code /{database}?q=SELECT …} and
 * {@code /{database}/{relation}}, and to agents {@code /{database}/mcp}. Starts while a database is
 * down, and answers 503 until it is there.
 */
public final class ReadApi implements AutoCloseable {
  private static final String READ = "GET|HEAD";
  private static final String CALL = "GET|HEAD|POST";

  /** Of calls of functions. */
  private static final BodyReader.Limits BODIES =
      new BodyReader.Limits(1 << 20, 8 << 20, Duration.ofSeconds(30));

  private static final String OPTIONS = "OPTIONS";
  private static final String RELATION = "/{database}/{relation}";
  private static final String MCP = "/{database}/mcp";

  /** No timer has this number. */
  private static final long NOBODY = -1;

  private final Vertx vertx;
  private final Function<String, TableNews> news;
  private final Observer observer;
  private final BodyReader bodies;
  private final RelationHandler relations;
  private final TailApi tails;
  private final Map<String, CatalogKeeper> keepers = new LinkedHashMap<>();
  private final Map<String, ReadServers> servers = new LinkedHashMap<>();
  private final List<Map<String, DatabaseReads>> loops = new CopyOnWriteArrayList<>();
  private final AtomicInteger nextLoop = new AtomicInteger();
  private volatile long watching = NOBODY;

  /**
   * Begins to load the catalogs.
   *
   * @param news gives that of the tables that topics fill, by the name of their database
   * @param eventLoops how many will register routes
   */
  public ReadApi(
      Vertx vertx,
      List<DatabaseSettings> databases,
      Function<String, TableNews> news,
      int eventLoops,
      Observer observer) {
    this.vertx = vertx;
    this.news = news;
    this.observer = observer;
    this.bodies = new BodyReader(BODIES, observer);
    this.relations = new RelationHandler(observer);
    this.tails = new TailApi(relations, observer);
    for (DatabaseSettings settings : databases) {
      ReadServers read = new ReadServers(vertx, settings, eventLoops, observer);
      servers.put(settings.name(), read);
      CatalogKeeper keeper = read.catalog();
      keepers.put(settings.name(), keeper);
      keeper.start();
    }
  }

  /** Adds the routes; to be called on each event loop, each with a router of its own. */
  public void register(Router router) {
    int loop = nextLoop.getAndIncrement();
    Map<String, DatabaseReads> reads = new LinkedHashMap<>();
    servers.forEach(
        (name, of) ->
            reads.put(
                name,
                new DatabaseReads(
                    vertx,
                    of,
                    loop,
                    Objects.requireNonNull(keepers.get(name)),
                    news.apply(name),
                    observer)));
    loops.add(reads);
    SqlApi sql = new SqlApi(CatalogIndex::relations);
    RoutineHandler routines = new RoutineHandler(observer, bodies);
    McpApi mcp = new McpApi(new Endpoints(relations, routines, sql), bodies);
    mcp(router, reads, mcp);
    router
        .on(READ, "/", exchange -> CatalogIndex.databases(exchange, reads.values()))
        .on(READ, "/{database}", of(reads, sql::handle))
        .on(READ, "/{database}/q={*sql}", of(reads, sql::handlePath))
        .on(READ, RELATION, of(reads, this::relation))
        .on(CALL, "/{database}/rpc/{function}", of(reads, routines::handle))
        .on(OPTIONS, "/", ErrorAnswers::options)
        .on(
            OPTIONS,
            "/{database}",
            of(reads, (exchange, ignored) -> ErrorAnswers.options(exchange)))
        .on(OPTIONS, RELATION, of(reads, relations::options))
        .on(OPTIONS, "/{database}/rpc/{function}", of(reads, routines::options))
        .on(Router.OTHER, "/{database}/rpc/{function}", of(reads, ReadApi::refuseCall))
        .on(Router.OTHER, "/{database}", of(reads, ReadApi::refuse))
        .on(Router.OTHER, RELATION, of(reads, ReadApi::refuse))
        .on(Router.OTHER, "/{database}/{relation}/{*rest}", exchange -> lost(exchange, reads));
  }

  private void relation(Exchange exchange, DatabaseReads database) {
    if (Negotiation.isOfEvents(exchange.header("Accept"))) {
      tails.handle(exchange, database);
    } else {
      relations.handle(exchange, database);
    }
  }

  /** Where it is switched off, the path is that of a relation of this name. */
  private void mcp(Router router, Map<String, DatabaseReads> reads, McpApi mcp) {
    BiConsumer<Exchange, DatabaseReads> handler =
        (exchange, database) -> {
          if (database.settings().mcp()) {
            mcp.handle(exchange, database);
            return;
          }
          exchange.route(RELATION);
          switch (exchange.method()) {
            case "GET", "HEAD" -> relation(exchange, database);
            case OPTIONS -> relations.options(exchange, database);
            default -> refuse(exchange, database);
          }
        };
    router
        .on("GET|HEAD|OPTIONS|POST", MCP, of(reads, handler))
        .on(Router.OTHER, MCP, of(reads, handler));
  }

  /** A path that leads nowhere is no route of its own for metrics. */
  private static void lost(Exchange exchange, Map<String, DatabaseReads> reads) {
    exchange.route("none");
    of(reads, (ofDatabase, database) -> ErrorAnswers.noSuchPath(ofDatabase)).handle(exchange);
  }

  private static void refuseCall(Exchange exchange, DatabaseReads ignored) {
    ErrorAnswers.unsupportedCall(exchange);
  }

  private static void refuse(Exchange exchange, DatabaseReads ignored) {
    ErrorAnswers.unsupportedMethod(exchange);
  }

  private static Handler of(
      Map<String, DatabaseReads> reads, BiConsumer<Exchange, DatabaseReads> handler) {
    return exchange -> {
      String name = exchange.path().getFirst();
      DatabaseReads database = reads.get(name);
      if (database == null) {
        ErrorAnswers.unknownDatabase(exchange, name, reads.keySet());
      } else if (database.isBehind() && !exchange.method().equals(OPTIONS)) {
        ErrorAnswers.behind(exchange);
      } else if (database.isAway() && !exchange.method().equals(OPTIONS)) {
        ErrorAnswers.unavailable(exchange);
      } else {
        handler.accept(exchange, database);
      }
    };
  }

  /** One per database, reading over the connections that serve; valid once a loop is registered. */
  public List<HealthProbe> probes() {
    return keepers.keySet().stream().<HealthProbe>map(this::probe).toList();
  }

  private DatabaseProbe probe(String name) {
    return new DatabaseProbe(name, () -> loops.getFirst().get(name));
  }

  /** Checks the databases at once and again and again, and reports; once a loop is registered. */
  public void watch(Duration every) {
    List<DatabaseWatch> watches = keepers.keySet().stream().map(this::watch).toList();
    watching =
        vertx.setPeriodic(1, every.toMillis(), ignored -> watches.forEach(DatabaseWatch::check));
  }

  private DatabaseWatch watch(String name) {
    DatabaseReads reads = Objects.requireNonNull(loops.getFirst().get(name));
    return new DatabaseWatch(name, reads.settings().readsOf(), probe(name)::look, observer);
  }

  /** Ends all who listen to tables, so that nobody waits for them; nobody begins to any more. */
  public void endTails() {
    tails.close();
  }

  /** Closes all connections. */
  @Override
  public void close() {
    vertx.cancelTimer(watching);
    keepers.values().forEach(CatalogKeeper::close);
    servers.values().forEach(ReadServers::close);
  }
}
