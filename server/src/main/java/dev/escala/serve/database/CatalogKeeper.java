package dev.escala.serve.database;

import dev.escala.catalog.DatabaseCatalog;
import dev.escala.catalog.Introspection;
import dev.escala.observe.Observation;
import dev.escala.observe.Observer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the catalog of one database fresh: on {@code NOTIFY escala}, when its fingerprint changes,
 * and when a request asks for a name that it does not know. The old catalog serves meanwhile.
 */
public final class CatalogKeeper implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final long POLL_MILLIS = 2_000;
  private static final long RETRY_MILLIS = 500;
  private static final long BETWEEN_MISSES_NANOS = 1_000_000_000;

  /** A catalog and its number, which grows with each one loaded. */
  public record Loaded(DatabaseCatalog catalog, int generation) {}

  private final DatabaseSettings settings;
  private final Observer observer;
  private final Vertx vertx;
  private final Context context;
  private volatile @Nullable Loaded loaded;
  private volatile boolean closed;

  // Only touched on the context.
  private @Nullable Future<PgConnection> connection;
  private @Nullable Future<Loaded> loading;
  private String fingerprint = "";
  private long missedNanos = System.nanoTime() - BETWEEN_MISSES_NANOS;
  private boolean failing;

  public CatalogKeeper(Vertx vertx, DatabaseSettings settings, Observer observer) {
    this.vertx = vertx;
    this.settings = settings;
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
    Loaded now = loaded;
    if (now != null && now.generation() != present.generation()) {
      return Future.succeededFuture(now);
    }
    boolean justAsked = System.nanoTime() - missedNanos < BETWEEN_MISSES_NANOS;
    if (justAsked && !certain && loading == null) {
      return Future.succeededFuture(present);
    }
    missedNanos = System.nanoTime();
    return connected().compose(this::freshened).otherwise(present);
  }

  private void poll() {
    if (closed) {
      return;
    }
    connected()
        .compose(this::freshened)
        .onComplete(
            done -> {
              if (done.failed()) {
                failed(done.cause());
              }
              vertx.setTimer(done.succeeded() ? POLL_MILLIS : RETRY_MILLIS, ignored -> poll());
            });
  }

  private Future<PgConnection> connected() {
    Future<PgConnection> present = connection;
    if (present != null) {
      return present;
    }
    Future<PgConnection> connecting = connect();
    connection = connecting;
    return connecting.onFailure(ignored -> connection = null);
  }

  private Future<PgConnection> connect() {
    PgConnectOptions options =
        ReadConnectOptions.to(settings.reads(), TIMEOUT).addProperty("search_path", "");
    return ReadConnectOptions.loggedIn(vertx, settings.reads(), options)
        .compose(loggedIn -> PgConnection.connect(vertx, loggedIn))
        .compose(this::listening);
  }

  private Future<PgConnection> listening(PgConnection open) {
    if (closed) {
      return open.close().compose(ignored -> Future.failedFuture("closed meanwhile"));
    }
    open.closeHandler(ignored -> connection = null);
    // Without a handler it is printed; the next poll reports what lasts.
    open.exceptionHandler(ignored -> {});
    open.notificationHandler(ignored -> connected().compose(this::freshened));
    // A replica cannot listen; there the fingerprint alone has to do.
    open.query("LISTEN escala").execute();
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
      return Future.succeededFuture(present);
    }
    long startedNanos = System.nanoTime();
    return CatalogReader.read(open, settings.schemas())
        .map(
            catalog -> {
              Loaded next = new Loaded(catalog, present == null ? 1 : present.generation() + 1);
              loaded = next;
              fingerprint = found;
              failing = false;
              observer.observed(
                  new Observation.CatalogLoaded(
                      settings.name(),
                      catalog.size(),
                      Duration.ofNanos(System.nanoTime() - startedNanos)));
              return next;
            });
  }

  private Tuple schemas() {
    return Tuple.of(settings.schemas().toArray(String[]::new));
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
