package dev.escala.serve.database;

import dev.escala.config.DatabaseUrl;
import dev.escala.observe.Observer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The servers that one database is read from, each with connections of its own, and which of them
 * are read now. Where there is one, and nothing is asked of it, that one is.
 */
public final class ReadServers implements AutoCloseable {
  private final Vertx vertx;
  private final DatabaseSettings settings;
  private final Observer observer;
  private final List<DatabaseUrl> urls;
  private final List<DatabasePools> pools = new ArrayList<>();
  private final Optional<ServerWatch> watch;

  /** So that the event loops of many processes together use all servers alike. */
  private final int first = ThreadLocalRandom.current().nextInt(1 << 16);

  /** Begins to look at them, where there is something to choose or to compare. */
  public ReadServers(Vertx vertx, DatabaseSettings settings, int eventLoops, Observer observer) {
    this.vertx = vertx;
    this.settings = settings;
    this.observer = observer;
    urls = settings.reads().each();
    for (DatabaseUrl url : urls) {
      pools.add(new DatabasePools(vertx, settings, url, eventLoops, observer));
    }
    watch =
        settings.isReadByChoice()
            ? Optional.of(new ServerWatch(vertx, settings, observer))
            : Optional.empty();
  }

  DatabaseSettings settings() {
    return settings;
  }

  /**
   * The connections to the server that an event loop reads from now: who stays on a connection
   * stays with a server, and does not see it go back in time. Empty where none may be read.
   */
  Optional<DatabasePools> of(int eventLoop) {
    return number(eventLoop).map(pools::get);
  }

  /** Its number among them. */
  Optional<Integer> number(int eventLoop) {
    return watch.isEmpty() ? Optional.of(0) : watch.get().readable(first + eventLoop);
  }

  /**
   * Reads one no more until it has been looked at again; completes where the caller runs.
   *
   * @return whether another one may be read
   */
  Future<Boolean> leaveOut(int number) {
    return watch.isEmpty() || urls.size() == 1
        ? Future.succeededFuture(false)
        : watch.get().leaveOut(number).map(ignored -> number(0).isPresent());
  }

  /** The connections to all of them. */
  List<DatabasePools> all() {
    return pools;
  }

  /** The catalog, which all of them have alike, of one of them; not begun. */
  public CatalogKeeper catalog() {
    return new CatalogKeeper(vertx, settings, this::any, observer);
  }

  /** Where there is one it is that one, also while it is behind. */
  private Optional<DatabaseUrl> any() {
    return urls.size() == 1 ? Optional.of(urls.getFirst()) : number(0).map(urls::get);
  }

  /** Whether none may be read though it may answer, since it may be further behind than allowed. */
  boolean isBehind() {
    return settings.maxLag().isPresent() && number(0).isEmpty();
  }

  /** Whether none of those that are asked for answers. */
  boolean isAway() {
    return settings.maxLag().isEmpty() && number(0).isEmpty();
  }

  /** How far what is read may be behind, where that is looked at and known. */
  Optional<Duration> lag() {
    return watch.flatMap(ServerWatch::lag);
  }

  @Override
  public void close() {
    watch.ifPresent(ServerWatch::close);
    pools.forEach(DatabasePools::close);
  }
}
