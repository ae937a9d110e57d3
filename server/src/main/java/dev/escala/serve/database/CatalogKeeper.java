package dev.escala.serve.database;

import dev.escala.catalog.DatabaseCatalog;
import dev.escala.catalog.Introspection;
import dev.escala.config.DatabaseUrl;
import dev.escala.observe.Observation;
import dev.escala.observe.Observer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the catalog of one database fresh: on {@code NOTIFY escala}, or {@code NOTIFY pgrst} as for
 * PostgREST, when its fingerprint changes, and when a request asks for a name that it does not
 * know. The old catalog serves meanwhile.
 */
public final class CatalogKeeper implements AutoCloseable {
  private static final long POLL_MILLIS = 2_000;
  private static final long RETRY_MILLIS = 500;
  private static final long BETWEEN_MISSES_NANOS = 1_000_000_000;

  /**
   * A catalog and its number, which grows with each one loaded.
   *
   * @param troubles with published queries
   */
  public record Loaded(DatabaseCatalog catalog, int generation, List<QueryTrouble> troubles) {
    public Loaded {
      troubles = List.copyOf(troubles);
    }

    /** With queries that fit. */
    Loaded(DatabaseCatalog catalog, int generation) {
      this(catalog, generation, List.of());
    }

    /** Whether a query of this name is written down, and the database cannot run it. */
    public boolean isBroken(String query) {
      return troubles.stream()
          .anyMatch(trouble -> !trouble.isPublished() && trouble.query().equals(query));
    }
  }

  private final DatabaseSettings settings;
  private final Supplier<Optional<DatabaseUrl>> server;
  private final Observer observer;
  private final Vertx vertx;
  private final Context context;
  private volatile @Nullable Loaded loaded;
  private volatile boolean closed;

  // Only touched on the context.
  private @Nullable Future<PgConnection> connection;
  private @Nullable DatabaseUrl connectedTo;
  private @Nullable Future<Loaded> loading;
  private String fingerprint = "";
  private long missedNanos = System.nanoTime() - BETWEEN_MISSES_NANOS;
  private boolean failing;
  private List<QueryTrouble> told = List.of();

  /**
   * Reads nothing yet.
   *
   * @param server from which it is to be read; empty while there is none
   */
  CatalogKeeper(
      Vertx vertx,
      DatabaseSettings settings,
      Supplier<Optional<DatabaseUrl>> server,
      Observer observer) {
    this.vertx = vertx;
    this.settings = settings;
    this.server = server;
    this.observer = observer;
    this.context = vertx.getOrCreateContext();
  }

  public void start() {
    context.runOnContext(ignored -> poll());
  }

  DatabaseSettings settings() {
    return settings;
  }

  public Optional<Loaded> current() {
    return Optional.ofNullable(loaded);
  }

  /**
   * The catalog after it proved too old, or the present one where nothing has changed.
   *
   * @param certain whether the database itself said so; else it is asked once a second at most
   */
  public Future<Loaded> after(Loaded present, boolean certain) {
    Context asking = vertx.getOrCreateContext();
    Promise<Loaded> answer = Promise.promise();
    context.runOnContext(
        ignored ->
            refreshed(present, certain)
                .onComplete(done -> asking.runOnContext(again -> answer.handle(done))));
    return answer.future();
  }

  private Future<Loaded> refreshed(Loaded present, boolean certain) {
    if (certain) {
      return lookedAnew().otherwise(present);
    }
    Loaded now = loaded;
    if (now != null && now.generation() != present.generation()) {
      return Future.succeededFuture(now);
    }
    boolean justAsked = System.nanoTime() - missedNanos < BETWEEN_MISSES_NANOS;
    if (justAsked && loading == null) {
      return Future.succeededFuture(present);
    }
    missedNanos = System.nanoTime();
    return looked().otherwise(present);
  }

  private Future<Loaded> looked() {
    return connected().compose(this::freshened);
  }

  /** What looks already may have looked before the change: then it is looked once more. */
  private Future<Loaded> lookedAnew() {
    Future<Loaded> running = loading;
    return running == null ? looked() : running.transform(ignored -> looked());
  }

  private void poll() {
    if (closed) {
      return;
    }
    if (server.get().isEmpty()) {
      vertx.setTimer(RETRY_MILLIS, ignored -> poll());
      return;
    }
    looked()
        .onComplete(
            done -> {
              if (done.failed()) {
                failed(done.cause());
              }
              vertx.setTimer(done.succeeded() ? POLL_MILLIS : RETRY_MILLIS, ignored -> poll());
            });
  }

  private Future<PgConnection> connected() {
    DatabaseUrl wanted = server.get().orElse(connectedTo);
    Future<PgConnection> present = connection;
    if (present != null && Objects.equals(wanted, connectedTo)) {
      return present;
    }
    if (wanted == null) {
      return Future.failedFuture("no server may be read");
    }
    if (present != null) {
      present.onSuccess(PgConnection::close);
    }
    Future<PgConnection> connecting =
        ReadConnectOptions.toCatalog(vertx, wanted).compose(this::listening);
    connection = connecting;
    connectedTo = wanted;
    return connecting
        .onSuccess(open -> open.closeHandler(ignored -> forget(connecting)))
        .onFailure(ignored -> forget(connecting));
  }

  private void forget(Future<PgConnection> gone) {
    if (gone.equals(connection)) {
      connection = null;
    }
  }

  private Future<PgConnection> listening(PgConnection open) {
    if (closed) {
      return open.close().compose(ignored -> Future.failedFuture("closed meanwhile"));
    }
    // Without a handler it is printed; the next poll reports what lasts.
    open.exceptionHandler(ignored -> {});
    open.notificationHandler(ignored -> lookedAnew());
    // A replica cannot listen; there the fingerprint alone has to do.
    open.query("LISTEN escala; LISTEN pgrst").execute();
    return Future.succeededFuture(open);
  }

  private Future<Loaded> freshened(PgConnection open) {
    Future<Loaded> running = loading;
    if (running != null) {
      return running;
    }
    Future<Loaded> started =
        open.preparedQuery(Introspection.FINGERPRINT)
            .execute(schemas())
            .compose(rows -> loadIfChanged(open, rows.iterator().next().getString(0)));
    loading = started;
    return started.onComplete(done -> loading = null);
  }

  private Future<Loaded> loadIfChanged(PgConnection open, String found) {
    Loaded present = loaded;
    if (present != null && found.equals(fingerprint)) {
      failing = false;
      tell(present.troubles());
      return Future.succeededFuture(present);
    }
    long startedNanos = System.nanoTime();
    return CatalogReader.read(open, settings)
        .map(
            read -> {
              Loaded next =
                  new Loaded(
                      read.catalog(),
                      present == null ? 1 : present.generation() + 1,
                      read.troubles());
              loaded = next;
              fingerprint = found;
              failing = false;
              observer.observed(
                  new Observation.CatalogLoaded(
                      settings.name(),
                      read.catalog().size(),
                      Duration.ofNanos(System.nanoTime() - startedNanos)));
              return next;
            });
  }

  /** What is wrong with queries and lasts to the next look, once: tables come one by one. */
  private void tell(List<QueryTrouble> lasting) {
    lasting.stream()
        .filter(trouble -> !trouble.isEarly())
        .filter(trouble -> !told.contains(trouble))
        .forEach(
            trouble ->
                observer.observed(
                    new Observation.QueryMisfitted(settings.name(), trouble.detail())));
    told = lasting;
  }

  /** Of which a change matters; queries may read what is only on the search path, too. */
  private Tuple schemas() {
    List<String> extra =
        settings.dialect().queries().isEmpty() ? List.of() : settings.dialect().extraSearchPath();
    return Tuple.of(
        Stream.concat(settings.schemas().stream(), extra.stream())
            .distinct()
            .toArray(String[]::new));
  }

  private void failed(Throwable cause) {
    if (!failing && !closed) {
      failing = true;
      observer.observed(
          new Observation.CatalogFailed(settings.name(), String.valueOf(cause.getMessage())));
    }
  }

  @Override
  public void close() {
    closed = true;
    context.runOnContext(
        ignored -> {
          if (connection != null) {
            connection.onSuccess(PgConnection::close);
          }
        });
  }
}
