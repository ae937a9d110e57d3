package dev.escala.serve.database;

import dev.escala.http.Exchange;
import dev.escala.http.connection.Client;
import dev.escala.http.connection.Pace;
import dev.escala.model.RowTails;
import dev.escala.model.TableNews;
import dev.escala.model.TableVersions;
import dev.escala.observe.Observation;
import dev.escala.observe.Observer;
import dev.escala.query.SqlStatement;
import dev.escala.serve.rows.RowSizes;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collector;
import org.jspecify.annotations.Nullable;

/** What one event loop has of one database; only touched on that loop. */
public final class DatabaseReads {
  static final int MAX_IN_FLIGHT = 1024;

  /** As many as may always be under way: a burst of clients that all were idle. */
  private static final int ALWAYS = 128;

  /** What a quick read waits for others at most, about. */
  private static final Duration QUICK = Duration.ofMillis(100);

  private final ReadServers servers;
  private final int eventLoop;
  private final CatalogKeeper keeper;
  private final TableNews news;
  private final Observer observer;
  private final Context context;
  private final GatheredReads gathered;
  private final GatheredReads gatheredOfRoles;
  private final RowSizes rowSizes = new RowSizes();
  private final QuickShapes shapes = new QuickShapes(System::nanoTime);
  private final Pace pace = new Pace(new Pace.Bounds(ALWAYS, MAX_IN_FLIGHT, QUICK));
  private int inFlight;

  /**
   * Begins on the event loop of the caller.
   *
   * @param eventLoop its number, from 0
   * @param news of the tables in the database that is written to
   */
  public DatabaseReads(
      Vertx vertx,
      ReadServers servers,
      int eventLoop,
      CatalogKeeper keeper,
      TableNews news,
      Observer observer) {
    this.servers = servers;
    this.eventLoop = eventLoop;
    this.keeper = keeper;
    // A replica may be behind: what is read there may be older than what is told of it.
    this.news = servers.settings().readsWhereItWrites() ? news : TableNews.NONE;
    this.observer = observer;
    context = vertx.getOrCreateContext();
    Executor endOfTurn = ((ContextInternal) context).nettyEventLoop();
    gathered = new GatheredReads(endOfTurn, this::pipelined, System::nanoTime);
    gatheredOfRoles = new GatheredReads(endOfTurn, this::asRole, System::nanoTime);
  }

  public DatabaseSettings settings() {
    return servers.settings();
  }

  public CatalogKeeper keeper() {
    return keeper;
  }

  /** Of the tables that are read, where they can be told. */
  public TableVersions versions() {
    return news.versions();
  }

  /** What is stored in the tables that are read, where that is told. */
  public RowTails tails() {
    return news.tails();
  }

  public Observer observer() {
    return observer;
  }

  Context context() {
    return context;
  }

  public RowSizes rowSizes() {
    return rowSizes;
  }

  /** Which statements end soon. */
  public QuickShapes shapes() {
    return shapes;
  }

  /** Where no server may be read, of the first: only who asks how it is comes so far. */
  private DatabasePools pools() {
    return servers.of(eventLoop).orElseGet(() -> servers.all().getFirst());
  }

  SqlClient probe() {
    return pools().probe();
  }

  /** Whether all that could be read may be further behind than it is allowed to be. */
  public boolean isBehind() {
    return servers.isBehind();
  }

  /** Whether none of the servers that are asked for answers. */
  public boolean isAway() {
    return servers.isAway();
  }

  /** How far what is read may be behind, where that is looked at and known. */
  Optional<Duration> lag() {
    return servers.lag();
  }

  /** Processes of the database that work on cancelled SQL, of all servers. */
  List<Integer> outlived() {
    return servers.all().stream().flatMap(each -> each.sql().outlived().stream()).toList();
  }

  /** Whether a read of this client would wait too long; to be asked before anything is done. */
  public boolean isOverloaded(Client client) {
    return inFlight >= MAX_IN_FLIGHT || !pace.hasRoom(client, 1);
  }

  /**
   * Runs a statement that ends soon as who asks, over a connection that others share.
   *
   * @param schemas in which names without a schema are looked for, where the database is told
   * @param plain the same, of which the database need be told nothing but the role; null where it
   *     has to be told more
   */
  public <T> Future<T> quick(
      Exchange exchange,
      List<String> schemas,
      @Nullable Function<SqlClient, Future<T>> plain,
      Function<SqlClient, Future<T>> statement) {
    Client client = exchange.client();
    pace.begin(client, 1);
    return shared(exchange, schemas, plain, statement).onComplete(ended -> pace.end(client, 1));
  }

  /**
   * Runs a statement that ends soon as who asks, together with those who ask the same of other
   * values.
   *
   * @param plain as for {@link #quick}
   * @param rows takes the rows of the statement, behind whose columns stands one more
   * @return what was read; empty where it has to be asked alone
   */
  public <R> Future<Optional<R>> together(
      Exchange exchange,
      @Nullable SqlStatement plain,
      SqlStatement statement,
      Collector<Row, R, R> rows) {
    boolean isTold = isTold(exchange);
    String role = exchange.caller().role();
    SqlStatement alone = isTold ? plain : statement;
    if (alone == null || (isTold && !isRoleAlone(role))) {
      return Future.succeededFuture(Optional.empty());
    }
    boolean isAnybody = !isTold && exchange.caller().isAnybody();
    Client client = exchange.client();
    pace.begin(client, 1);
    return (isAnybody ? gathered : gatheredOfRoles)
        .read(role, alone, rows)
        .onComplete(ended -> pace.end(client, 1));
  }

  private <T> Future<T> shared(
      Exchange exchange,
      List<String> schemas,
      @Nullable Function<SqlClient, Future<T>> plain,
      Function<SqlClient, Future<T>> statement) {
    boolean isTold = isTold(exchange);
    if (!isTold && exchange.caller().isAnybody()) {
      return pipelined(null, statement);
    }
    SharedConnections shared = pools().shared(eventLoop, context);
    String role = exchange.caller().role();
    Function<SqlClient, Future<T>> alone = isTold ? plain : statement;
    return alone != null && isRoleAlone(role)
        ? shared.run(role, alone, () -> told(exchange, schemas, true), statement)
        : shared.run(told(exchange, schemas, true), statement);
  }

  private <T> Future<T> pipelined(
      @Nullable String nobody, Function<SqlClient, Future<T>> statement) {
    return statement.apply(pools().pipelined(eventLoop));
  }

  private <T> Future<T> asRole(@Nullable String role, Function<SqlClient, Future<T>> statement) {
    return pools().shared(eventLoop, context).alone(role, statement);
  }

  /** Whether the role is all that a read needs of rows that are alike for all who may read them. */
  private boolean isRoleAlone(@Nullable String role) {
    return settings().dialect().preRequest() == null && quickSettings(role).isEmpty();
  }

  /** How long a quick read takes is not for its role to say. */
  private Map<String, String> quickSettings(@Nullable String role) {
    Map<String, String> ofRole = roleSettings(role);
    if (!ofRole.containsKey("statement_timeout")) {
      return ofRole;
    }
    Map<String, String> others = new LinkedHashMap<>(ofRole);
    others.remove("statement_timeout");
    return others;
  }

  /** Whether something of a request has to hold in the database before it is read. */
  public boolean isTold(Exchange exchange) {
    return exchange.caller().role() != null || settings().dialect().preRequest() != null;
  }

  private RequestSettings told(Exchange exchange, List<String> schemas, boolean quick) {
    String role = exchange.caller().role();
    Map<String, String> ofRole = quick ? quickSettings(role) : roleSettings(role);
    return RequestSettings.of(exchange, schemas)
        .with(ofRole)
        .calling(settings().dialect().preRequest());
  }

  private Map<String, String> roleSettings(@Nullable String role) {
    return role == null
        ? Map.of()
        : keeper
            .current()
            .map(loaded -> loaded.catalog().roleSettings().getOrDefault(role, Map.of()))
            .orElse(Map.of());
  }

  /**
   * Begins a transaction as who asks; completes when what is told of the request holds.
   *
   * @param begin what begins it, and what else has to be set
   */
  public Future<Void> begin(
      ReadTransaction transaction, String begin, Exchange exchange, List<String> schemas) {
    Future<Void> begun = transaction.begin(begin);
    if (!isTold(exchange)) {
      return begun;
    }
    Future<Void> told = told(exchange, schemas, false).tell(transaction.connection());
    return begun.compose(ignored -> told);
  }

  /** For statements that last; each has its connection for itself. */
  public BoundedPool streams() {
    return pools().streams();
  }

  /** For SQL over HTTP. */
  public BoundedPool sql() {
    return pools().sql();
  }

  /** Runs unless too much is running: then fails at once, so that a burst does not pile up. */
  public <T> Future<T> admitted(Supplier<Future<T>> work) {
    if (inFlight >= MAX_IN_FLIGHT) {
      return Future.failedFuture(new Overloaded());
    }
    inFlight++;
    return Future.succeededFuture().compose(ignored -> work.get()).onComplete(done -> inFlight--);
  }

  /**
   * Runs work once more where the database cancelled it for what others did there, or where its
   * server went away and there is another one to read.
   *
   * @param work that only reads, and fails before anything is answered
   */
  public <T> Future<T> repeated(Supplier<Future<T>> work) {
    Optional<Integer> server = servers.number(eventLoop);
    return work.get()
        .recover(
            failure -> {
              if (DatabaseErrors.isConflict(failure)) {
                return again(work);
              }
              return DatabaseErrors.isLost(failure) && server.isPresent()
                  ? servers
                      .leaveOut(server.get())
                      .compose(others -> others ? again(work) : Future.failedFuture(failure))
                  : Future.failedFuture(failure);
            });
  }

  private <T> Future<T> again(Supplier<Future<T>> work) {
    observer.observed(new Observation.ReadRepeated(settings().name()));
    return work.get();
  }

  /** More requests are running on an event loop than it may have at once. */
  static final class Overloaded extends Exception {
    private static final long serialVersionUID = 1L;

    Overloaded() {
      super("too many requests at once", null, false, false);
    }
  }
}
