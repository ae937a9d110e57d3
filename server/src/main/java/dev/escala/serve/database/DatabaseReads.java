package dev.escala.serve.database;

import dev.escala.observe.Observer;
import dev.escala.serve.rows.RowSizes;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlClient;
import java.util.function.Supplier;

/** What one event loop has of one database; only touched on that loop. */
public final class DatabaseReads {
  static final int MAX_IN_FLIGHT = 1024;

  private final DatabasePools pools;
  private final CatalogKeeper keeper;
  private final Observer observer;
  private final Context context;
  private final SqlClient pipelined;
  private final RowSizes rowSizes = new RowSizes();
  private int inFlight;

  /**
   * Begins on the event loop of the caller.
   *
   * @param eventLoop its number, from 0
   */
  public DatabaseReads(
      Vertx vertx, DatabasePools pools, int eventLoop, CatalogKeeper keeper, Observer observer) {
    this.pools = pools;
    this.keeper = keeper;
    this.observer = observer;
    context = vertx.getOrCreateContext();
    pipelined = pools.pipelined(eventLoop);
  }

  public DatabaseSettings settings() {
    return pools.settings();
  }

  public CatalogKeeper keeper() {
    return keeper;
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

  /** For statements that end soon; they share connections with others. */
  public SqlClient pipelined() {
    return pipelined;
  }

  /** For statements that last; each has its connection for itself. */
  public BoundedPool streams() {
    return pools.streams();
  }

  /** For SQL over HTTP. */
  public BoundedPool sql() {
    return pools.sql();
  }

  /** Runs unless too much is running: then fails at once, so that a burst does not pile up. */
  public <T> Future<T> admitted(Supplier<Future<T>> work) {
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
}
