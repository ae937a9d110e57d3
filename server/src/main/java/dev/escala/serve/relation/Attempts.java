package dev.escala.serve.relation;

import dev.escala.query.QueryRefused;
import dev.escala.serve.database.CatalogKeeper.Loaded;
import dev.escala.serve.database.DatabaseErrors;
import dev.escala.serve.database.DatabaseReads;
import io.vertx.core.Future;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Runs with one catalog; where that may be too old, again with a newer one. While tables change
 * that one may be too old as well.
 */
final class Attempts {
  /** Codes of what the catalog does not know. */
  private static final Set<String> UNKNOWN =
      Set.of("42703", "PGRST107", "PGRST200", "PGRST201", "PGRST202", "PGRST203");

  private static final int MOST = 3;

  private final DatabaseReads reads;
  private final Attempt attempt;
  private final BiConsumer<Loaded, Throwable> failed;

  /** What is tried; a failure means that nothing was answered. */
  @FunctionalInterface
  interface Attempt {
    Future<Void> with(Loaded loaded) throws QueryRefused;
  }

  /** The catalog does not have what is read. */
  static final class Unknown extends Exception {
    private static final long serialVersionUID = 1L;

    Unknown() {
      super("unknown", null, false, false);
    }
  }

  private Attempts(DatabaseReads reads, Attempt attempt, BiConsumer<Loaded, Throwable> failed) {
    this.reads = reads;
    this.attempt = attempt;
    this.failed = failed;
  }

  static void run(
      DatabaseReads reads, Loaded loaded, Attempt attempt, BiConsumer<Loaded, Throwable> failed) {
    Attempts attempts = new Attempts(reads, attempt, failed);
    attempts.with(loaded).onFailure(failure -> attempts.again(loaded, failure, 1));
  }

  private Future<Void> with(Loaded loaded) {
    return reads.admitted(() -> reads.repeated(() -> attempted(loaded)));
  }

  private Future<Void> attempted(Loaded loaded) {
    try {
      return attempt.with(loaded);
    } catch (QueryRefused refused) {
      return Future.failedFuture(refused);
    }
  }

  private void again(Loaded before, Throwable failure, int made) {
    if (made == MOST || !mayBeStale(failure)) {
      failed.accept(before, failure);
      return;
    }
    reads
        .keeper()
        .after(before, DatabaseErrors.isStale(failure))
        .onSuccess(
            now -> {
              if (now.generation() == before.generation()) {
                failed.accept(now, failure);
              } else {
                with(now).onFailure(next -> again(now, next, made + 1));
              }
            });
  }

  private static boolean mayBeStale(Throwable failure) {
    return failure instanceof Unknown
        || DatabaseErrors.isStale(failure)
        || DatabaseErrors.isPerhapsStale(failure)
        || (failure instanceof QueryRefused refused && UNKNOWN.contains(refused.code()));
  }
}
