package dev.escala.serve.database;

import dev.escala.config.DatabaseUrl;
import dev.escala.model.Snapshot;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks at one server over a connection of its own, which is given up where it does not answer in
 * time: it may lead to a machine that is gone. Lives on one context.
 */
final class ServerEyes {
  private static final String LOOK =
      "SELECT pg_catalog.pg_is_in_recovery(), pg_catalog.pg_current_snapshot()::text";
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Vertx vertx;
  private final DatabaseUrl url;
  private @Nullable Future<PgConnection> connection;
  private boolean closed;

  /**
   * What a server shows.
   *
   * @param standby whether it follows another one
   */
  record Shown(boolean standby, Snapshot snapshot) {
    private static Shown of(Row row) {
      return new Shown(row.getBoolean(0), Snapshot.parse(row.getString(1)).orElseThrow());
    }
  }

  ServerEyes(Vertx vertx, DatabaseUrl url) {
    this.vertx = vertx;
    this.url = url;
  }

  /** Fails where there is no answer in time. */
  Future<Shown> look() {
    return connected()
        .compose(open -> open.preparedQuery(LOOK).execute())
        .map(rows -> Shown.of(rows.iterator().next()))
        .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(ignored -> giveUp());
  }

  private Future<PgConnection> connected() {
    Future<PgConnection> present = connection;
    if (present != null) {
      return present;
    }
    if (closed) {
      return Future.failedFuture("closed");
    }
    Future<PgConnection> opening =
        ReadConnectOptions.loggedIn(vertx, url, ReadConnectOptions.to(url, PATIENCE))
            .compose(loggedIn -> PgConnection.connect(vertx, loggedIn))
            .onSuccess(this::opened);
    connection = opening;
    return opening;
  }

  private void opened(PgConnection open) {
    open.exceptionHandler(ignored -> {}); // without one its end is printed
    if (closed) {
      open.close();
    }
  }

  private void giveUp() {
    Future<PgConnection> present = connection;
    connection = null;
    if (present != null) {
      present.onSuccess(PgConnection::close);
    }
  }

  void close() {
    closed = true;
    giveUp();
  }
}
