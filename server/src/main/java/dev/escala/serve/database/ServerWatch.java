package dev.escala.serve.database;

import dev.escala.config.DatabaseUrl;
import dev.escala.observe.Observation.ReadServersChosen;
import dev.escala.observe.Observation.ReplicaBehind;
import dev.escala.observe.Observation.ReplicaCaughtUp;
import dev.escala.observe.Observation.ReplicaCompared;
import dev.escala.observe.Observer;
import dev.escala.serve.database.ServerChoice.Seen;
import dev.escala.serve.database.ServerEyes.Shown;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Looks at the servers that are read from, and where their lag has a bound at the one that is
 * written to, several times within that bound; says which of them may be read. All are only read.
 */
final class ServerWatch implements AutoCloseable {
  /** Looks within the lag that is allowed: one may fail. */
  private static final int LOOKS = 4;

  private static final Duration SELDOM = Duration.ofSeconds(1);
  private static final Duration OFTEN = Duration.ofMillis(50);

  private final Vertx vertx;
  private final DatabaseSettings settings;
  private final Observer observer;
  private final List<ServerEyes> written;
  private final List<ReadServer> read;
  private final Context context;
  private final long timer;
  private volatile List<Integer> chosen = List.of();

  // Only touched on the context.
  private boolean comparing;
  private int primary;
  private boolean behind;
  private long behindNanos;
  private List<String> leftOut;

  /** Begins to look. */
  ServerWatch(Vertx vertx, DatabaseSettings settings, Observer observer) {
    this.vertx = vertx;
    this.settings = settings;
    this.observer = observer;
    List<DatabaseUrl> compared = settings.maxLag().isEmpty() ? List.of() : settings.comparedWith();
    written = compared.stream().map(url -> new ServerEyes(vertx, url)).toList();
    read = settings.reads().each().stream().map(url -> new ReadServer(vertx, url)).toList();
    leftOut = names(IntStream.range(0, read.size()));
    context = vertx.getOrCreateContext();
    Duration part = settings.maxLag().orElse(SELDOM).dividedBy(LOOKS);
    Duration every = part.compareTo(SELDOM) > 0 ? SELDOM : part.compareTo(OFTEN) < 0 ? OFTEN : part;
    timer =
        vertx.setPeriodic(1, every.toMillis(), ignored -> context.runOnContext(again -> look()));
  }

  private void look() {
    choose();
    compare()
        .onComplete(
            ignored -> read.forEach(server -> server.look().onComplete(looked -> choose())));
  }

  /** What the server that is written to shows has to be shown by each of the others. */
  private Future<Void> compare() {
    if (comparing || written.isEmpty()) {
      return Future.succeededFuture();
    }
    comparing = true;
    long fromNanos = System.nanoTime();
    return shownByPrimary(written.size())
        .onSuccess(
            shown -> read.forEach(server -> server.lag().written(fromNanos, shown.snapshot())))
        .onComplete(ignored -> comparing = false)
        .mapEmpty();
  }

  /** By the one that was it before, or by the next one that is. */
  private Future<Shown> shownByPrimary(int tries) {
    return written
        .get(primary)
        .look()
        .compose(
            shown ->
                shown.standby() && written.size() > 1
                    ? Future.failedFuture("a standby")
                    : Future.succeededFuture(shown))
        .recover(
            failure -> {
              primary = (primary + 1) % written.size();
              return tries > 1 ? shownByPrimary(tries - 1) : Future.failedFuture(failure);
            });
  }

  private void choose() {
    List<Seen> seen = read.stream().map(this::seen).toList();
    List<Integer> now = ServerChoice.of(settings.readTarget(), seen);
    List<String> out =
        names(
            IntStream.range(0, seen.size())
                .filter(i -> seen.get(i) == Seen.AWAY || seen.get(i) == Seen.BEHIND));
    if (!now.equals(chosen) || !out.equals(leftOut)) {
      chosen = now;
      leftOut = out;
      if (read.size() > 1) {
        List<String> names = names(now.stream().mapToInt(Integer::intValue));
        observer.observed(new ReadServersChosen(settings.name(), names, out));
      }
    }
    settings.maxLag().ifPresent(this::tell);
  }

  private List<String> names(IntStream numbers) {
    return numbers.mapToObj(i -> read.get(i).name()).toList();
  }

  /** Takes one for away until the next look; completes where the caller runs. */
  Future<Void> leaveOut(int number) {
    Context asking = vertx.getOrCreateContext();
    Promise<Void> left = Promise.promise();
    context.runOnContext(
        ignored -> {
          read.get(number).lost();
          choose();
          asking.runOnContext(again -> left.complete());
        });
    return left.future();
  }

  private Seen seen(ReadServer server) {
    // One alone is asked in any case, and says itself that it is away.
    if (read.size() > 1 && !server.answers()) {
      return Seen.AWAY;
    } else if (!isFresh(server)) {
      return Seen.BEHIND;
    }
    return server.isStandby() ? Seen.STANDBY : Seen.PRIMARY;
  }

  private boolean isFresh(ReadServer server) {
    return settings.maxLag().isEmpty()
        || server
            .lag()
            .bound()
            .filter(known -> known.compareTo(settings.maxLag().get()) <= 0)
            .isPresent();
  }

  private void tell(Duration most) {
    lag().ifPresent(known -> observer.observed(new ReplicaCompared(settings.name(), known)));
    boolean now = readable(0).isEmpty();
    if (now && !behind) {
      behindNanos = System.nanoTime();
      observer.observed(new ReplicaBehind(settings.name(), most));
    } else if (!now && behind) {
      observer.observed(
          new ReplicaCaughtUp(settings.name(), Duration.ofNanos(System.nanoTime() - behindNanos)));
    }
    behind = now;
  }

  /**
   * The number of a server that may be read now; empty where none may.
   *
   * @param preferred which of several; the same number leads to the same server while none comes or
   *     goes
   */
  Optional<Integer> readable(int preferred) {
    List<Integer> now = chosen;
    return IntStream.range(0, now.size())
        .mapToObj(i -> now.get((preferred + i) % now.size()))
        .filter(number -> isFresh(read.get(number)))
        .findFirst();
  }

  /**
   * What was committed longer ago than this is read for certain; where nothing may be read, from
   * the server that is the least behind. Empty where that is unknown.
   */
  Optional<Duration> lag() {
    List<Integer> now = chosen;
    return now.isEmpty()
        ? bounds(IntStream.range(0, read.size()).boxed()).min(Comparator.naturalOrder())
        : bounds(now.stream()).max(Comparator.naturalOrder());
  }

  private Stream<Duration> bounds(Stream<Integer> numbers) {
    return numbers.flatMap(number -> read.get(number).lag().bound().stream());
  }

  @Override
  public void close() {
    vertx.cancelTimer(timer);
    context.runOnContext(
        ignored -> {
          written.forEach(ServerEyes::close);
          read.forEach(ReadServer::close);
        });
  }
}
