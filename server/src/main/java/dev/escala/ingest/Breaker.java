package dev.escala.ingest;

import dev.escala.model.Backoff;
import dev.escala.model.Moment;
import dev.escala.model.ReturnReason;
import dev.escala.observe.Observation.IntakePaused;
import dev.escala.observe.Observation.IntakeResumed;
import dev.escala.observe.Observer;
import dev.escala.source.Source;
import dev.escala.store.Shortage;
import dev.escala.store.StoreException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Stops intake while rows cannot be stored, so that messages wait at their origin instead of being
 * received in vain. Looks again after pauses that grow until something is stored.
 *
 * <p>Its state is read without waiting, also while the source takes its time to pause.
 */
final class Breaker {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

  /** A server that is there, and only lacks something, is soon asked again. */
  private static final Duration LONGEST_OF_SHORTAGE = Duration.ofSeconds(2);

  /** What fails again so soon, with nothing stored between, is the same outage. */
  private static final Duration GOES_ON = Duration.ofSeconds(30);

  /** Held while the source is paused or resumed, which may take a call to its origin. */
  private final ReentrantLock switching = new ReentrantLock();

  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Source source;
  private final Backoff backoff;
  private final Backoff backoffOfShortage;
  private final Observer observer;
  private final AtomicInteger failures = new AtomicInteger();
  private volatile State state = new State(null, Moment.now());

  /** The last outage, until something was stored after it. */
  private volatile @Nullable Outage unended;

  /** Since when and why nothing can be stored. */
  record Outage(Moment since, ReturnReason reason, @Nullable Shortage shortage) {}

  /**
   * What holds intake, if something does.
   *
   * @param openSince the last time that intake was let go
   */
  record State(@Nullable Outage outage, Moment openSince) {
    Optional<Outage> current() {
      return Optional.ofNullable(outage);
    }
  }

  Breaker(Source source, Duration longest, Observer observer) {
    this.source = source;
    Duration first = longest.compareTo(FIRST_PAUSE) < 0 ? longest : FIRST_PAUSE;
    this.backoff = new Backoff(first, longest);
    this.backoffOfShortage =
        longest.compareTo(LONGEST_OF_SHORTAGE) < 0
            ? backoff
            : new Backoff(first, LONGEST_OF_SHORTAGE);
    this.observer = observer;
  }

  State state() {
    return state;
  }

  void failed(StoreException failure) {
    if (state.outage() != null) {
      return;
    }
    switching.lock();
    try {
      if (state.outage() == null) {
        failures.incrementAndGet();
        // What a probe cannot see, such as a full disk, goes on through a short time of intake.
        Moment now = Moment.now();
        Outage before = unended;
        boolean goesOn = state.openSince().until(now).compareTo(GOES_ON) < 0;
        Moment since = before != null && goesOn ? before.since() : now;
        Outage outage = new Outage(since, failure.reason(), failure.shortage().orElse(null));
        unended = outage;
        state = new State(outage, state.openSince());
        observer.observed(
            new IntakePaused(
                source.kind(),
                source.topic(),
                failure.reason(),
                failure.sqlStateClass(),
                failure.detail()));
        source.pause();
      }
    } finally {
      switching.unlock();
    }
  }

  /** A batch was stored; one that was under way before the failure does not end the pause. */
  void succeeded() {
    if (state.outage() == null) {
      failures.set(0);
      unended = null;
    }
  }

  /** How pauses grow while it is as it is. */
  Backoff backoff() {
    Outage outage = state.outage();
    return outage == null || outage.shortage() == null ? backoff : backoffOfShortage;
  }

  /** Waits as long as intake is to be held, and lets it go once the probe does not fail. */
  void awaitOpen(Runnable probe) throws InterruptedException {
    while (state.outage() != null) {
      Duration pause = backoff().after(failures.get());
      if (stopped.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
      try {
        probe.run();
        release();
      } catch (StoreException away) {
        failures.incrementAndGet();
        lacks(away.shortage().orElse(null));
      }
    }
  }

  /** The database may be full when it comes back. */
  private void lacks(@Nullable Shortage shortage) {
    Outage outage = state.outage();
    if (outage != null) {
      state = new State(new Outage(outage.since(), outage.reason(), shortage), state.openSince());
    }
  }

  private void release() {
    switching.lock();
    try {
      Outage outage = state.outage();
      if (outage != null && stopped.getCount() > 0) {
        Moment now = Moment.now();
        source.resume();
        state = new State(null, now);
        observer.observed(
            new IntakeResumed(source.kind(), source.topic(), outage.since().until(now)));
      }
    } finally {
      switching.unlock();
    }
  }

  /** Nothing is looked at any more. */
  void stop() {
    stopped.countDown();
  }
}
