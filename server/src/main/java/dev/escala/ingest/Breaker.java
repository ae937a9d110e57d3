package dev.escala.ingest;

import dev.escala.model.ReturnReason;
import dev.escala.observe.Observation.IntakePaused;
import dev.escala.observe.Observation.IntakeResumed;
import dev.escala.observe.Observer;
import dev.escala.source.Source;
import dev.escala.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Stops intake while rows cannot be stored, so that messages wait at their origin instead of being
 * received in vain. Looks again after pauses that grow until something is stored.
 */
final class Breaker {
  private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);
  private static final int MAX_DOUBLINGS = 20;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Source source;
  private final Duration longest;
  private final Observer observer;
  private @Nullable Outage outage;
  private Instant openSince = Instant.now();
  private boolean stopped;
  private int failures;

  /** Since when and why nothing can be stored. */
  record Outage(Instant since, ReturnReason reason) {}

  Breaker(Source source, Duration longest, Observer observer) {
    this.source = source;
    this.longest = longest;
    this.observer = observer;
  }

  void failed(StoreException failure) {
    lock.lock();
    try {
      if (outage == null) {
        failures++;
        source.pause();
        outage = new Outage(Instant.now(), failure.reason());
        observer.observed(
            new IntakePaused(
                source.kind(),
                source.topic(),
                failure.reason(),
                failure.sqlStateClass(),
                failure.detail()));
      }
    } finally {
      lock.unlock();
    }
  }

  /** A batch was stored; one that was under way before the failure does not end the pause. */
  void succeeded() {
    lock.lock();
    try {
      if (outage == null) {
        failures = 0;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits as long as intake is to be held, and lets it go once the probe does not fail. */
  void awaitOpen(Runnable probe) throws InterruptedException {
    while (backOff()) {
      try {
        probe.run();
        release();
      } catch (StoreException away) {
        stillAway();
      }
    }
  }

  private void stillAway() {
    lock.lock();
    try {
      failures++;
    } finally {
      lock.unlock();
    }
  }

  /** Waits, with full jitter; false where nothing holds intake, or for ever no more. */
  private boolean backOff() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (outage == null || stopped) {
        return false;
      }
      long most = FIRST_BACKOFF.toMillis() << Math.min(failures, MAX_DOUBLINGS);
      long wait = ThreadLocalRandom.current().nextLong(Math.min(most, longest.toMillis()) + 1);
      long left = TimeUnit.MILLISECONDS.toNanos(wait);
      while (left > 0 && !stopped) {
        left = changed.awaitNanos(left);
      }
      return !stopped;
    } finally {
      lock.unlock();
    }
  }

  private void release() {
    lock.lock();
    try {
      if (outage != null && !stopped) {
        Duration pausedFor = Duration.between(outage.since(), Instant.now());
        outage = null;
        openSince = Instant.now();
        source.resume();
        observer.observed(new IntakeResumed(source.kind(), source.topic(), pausedFor));
      }
    } finally {
      lock.unlock();
    }
  }

  void stop() {
    lock.lock();
    try {
      stopped = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Since when intake was not held, the last time that it was let go. */
  Instant openSince() {
    lock.lock();
    try {
      return openSince;
    } finally {
      lock.unlock();
    }
  }

  Optional<Outage> outage() {
    lock.lock();
    try {
      return Optional.ofNullable(outage);
    } finally {
      lock.unlock();
    }
  }
}
