package dev.escala.serve.database;

import dev.escala.model.Snapshot;
import dev.escala.observe.Observation.ReplicaBehind;
import dev.escala.observe.Observation.ReplicaCaughtUp;
import dev.escala.observe.Observation.ReplicaCompared;
import dev.escala.observe.Observer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnectOptions;
import java.time.Duration;
import java.util.Optional;

/**
 * Compares a replica with the server that it follows, several times within the lag that it may
 * have, over one connection to each; both are only read.
 */
public final class ReplicaWatch implements AutoCloseable {
  private static final String SNAPSHOT = "SELECT pg_catalog.pg_current_snapshot()::text";

  /** Looks within the lag that is allowed: one may fail. */
  private static final int LOOKS = 4;

  private static final Duration SELDOM = Duration.ofSeconds(1);
  private static final Duration OFTEN = Duration.ofMillis(50);

  private final Vertx vertx;
  private final String database;
  private final Duration most;
  private final SqlClient writing;
  private final SqlClient reading;
  private final Observer observer;
  private final ReplicaLag lag = new ReplicaLag(System::nanoTime);
  private final long timer;

  // Only touched on the context of the timer.
  private boolean looking;
  private boolean behind;
  private long behindNanos;

  /**
   * Begins to look.
   *
   * @param most how far it may be behind
   * @param reading asks the replica
   */
  ReplicaWatch(
      Vertx vertx, DatabaseSettings settings, Duration most, SqlClient reading, Observer observer) {
    this.vertx = vertx;
    this.database = settings.name();
    this.most = most;
    this.reading = reading;
    this.observer = observer;
    writing =
        PgBuilder.client()
            .with(new PoolOptions().setMaxSize(1))
            .connectingTo(
                () ->
                    ReadConnectOptions.loggedIn(
                            vertx,
                            settings.url(),
                            ReadConnectOptions.to(settings.url(), settings.timeout()))
                        .map(SqlConnectOptions.class::cast))
            .using(vertx)
            .build();
    Duration part = most.dividedBy(LOOKS);
    Duration every = part.compareTo(SELDOM) > 0 ? SELDOM : part.compareTo(OFTEN) < 0 ? OFTEN : part;
    timer = vertx.setPeriodic(1, every.toMillis(), ignored -> look());
  }

  private void look() {
    if (looking) {
      tell();
      return;
    }
    looking = true;
    long fromNanos = System.nanoTime();
    snapshot(writing)
        .onSuccess(shown -> lag.written(fromNanos, shown))
        .eventually(() -> snapshot(reading).onSuccess(lag::replayed))
        .onComplete(
            ignored -> {
              looking = false;
              tell();
            });
  }

  private static Future<Snapshot> snapshot(SqlClient client) {
    return client
        .preparedQuery(SNAPSHOT)
        .execute()
        .map(rows -> Snapshot.parse(rows.iterator().next().getString(0)).orElseThrow());
  }

  private void tell() {
    Optional<Duration> bound = lag.bound();
    bound.ifPresent(known -> observer.observed(new ReplicaCompared(database, known)));
    boolean now = isBehind();
    if (now && !behind) {
      behindNanos = System.nanoTime();
      observer.observed(new ReplicaBehind(database, most));
    } else if (!now && behind) {
      observer.observed(
          new ReplicaCaughtUp(database, Duration.ofNanos(System.nanoTime() - behindNanos)));
    }
    behind = now;
  }

  /** What was committed longer ago than this is read for certain; empty where that is unknown. */
  Optional<Duration> lag() {
    return lag.bound();
  }

  /** Whether what is read may be older than allowed, or nothing is known of it. */
  boolean isBehind() {
    return lag.bound().filter(known -> known.compareTo(most) <= 0).isEmpty();
  }

  @Override
  public void close() {
    vertx.cancelTimer(timer);
    writing.close();
  }
}
