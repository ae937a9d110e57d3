package dev.escala.serve.database;

import dev.escala.model.DatabaseRole;
import dev.escala.observe.Observation.DatabaseAnswered;
import dev.escala.observe.Observation.DatabaseLost;
import dev.escala.observe.Observation.DatabaseRegained;
import dev.escala.observe.Observation.DatabaseRestarted;
import dev.escala.observe.Observation.DatabaseRoleChanged;
import dev.escala.observe.Observation.DatabaseUnanswered;
import dev.escala.observe.Observer;
import dev.escala.serve.database.DatabaseProbe.Vitals;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks one database whether anybody asks or not, and notices what changed since the check before:
 * it went, it came back, its server restarted, or another one answers.
 */
public final class DatabaseWatch {
  private final String database;
  private final DatabaseRole role;
  private final Supplier<CompletableFuture<Vitals>> looks;
  private final Observer observer;

  // Guarded by this.
  private boolean checking;
  private @Nullable Vitals last;
  private long lostNanos;
  private boolean lost;

  public DatabaseWatch(
      String database,
      DatabaseRole role,
      Supplier<CompletableFuture<Vitals>> looks,
      Observer observer) {
    this.database = database;
    this.role = role;
    this.looks = looks;
    this.observer = observer;
  }

  /** One check, unless the one before has not ended. */
  public void check() {
    synchronized (this) {
      if (checking) {
        return;
      }
      checking = true;
    }
    var _ = looks.get().handle(this::checked);
  }

  private synchronized boolean checked(@Nullable Vitals vitals, @Nullable Throwable failure) {
    checking = false;
    if (vitals == null) {
      unanswered(failure);
    } else {
      answered(vitals);
    }
    return true;
  }

  private void answered(Vitals now) {
    observer.observed(
        new DatabaseAnswered(database, role, now.latency(), now.startedAt(), now.inRecovery()));
    if (lost) {
      lost = false;
      observer.observed(
          new DatabaseRegained(database, role, Duration.ofNanos(System.nanoTime() - lostNanos)));
    }
    Vitals before = last;
    last = now;
    if (before != null && isRestart(before, now)) {
      observer.observed(new DatabaseRestarted(database, role, now.startedAt()));
    }
    if (before != null && before.inRecovery() != now.inRecovery()) {
      observer.observed(new DatabaseRoleChanged(database, role, now.inRecovery()));
    }
  }

  /** Of several replicas another one may answer, which started whenever it did. */
  private boolean isRestart(Vitals before, Vitals now) {
    return switch (role) {
      case WRITER -> !now.startedAt().equals(before.startedAt());
      case READER -> now.startedAt().isAfter(before.startedAt().plus(before.up()));
    };
  }

  private void unanswered(@Nullable Throwable failure) {
    String detail =
        failure instanceof TimeoutException || failure == null
            ? "no answer in time"
            : String.valueOf(failure.getMessage());
    observer.observed(new DatabaseUnanswered(database, role, detail));
    if (!lost) {
      lost = true;
      lostNanos = System.nanoTime();
      observer.observed(new DatabaseLost(database, role, detail));
    }
  }
}
