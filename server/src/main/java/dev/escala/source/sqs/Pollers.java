package dev.escala.source.sqs;

import dev.escala.source.Intake;
import dev.escala.source.sqs.SqsSettings.Polling;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads that poll while the intake is open: more of them while polls come back full, only the
 * first ones once one comes back empty.
 */
final class Pollers {
  /** What a poll brought. */
  enum PollResult {
    FULL,
    SOME,
    NOTHING
  }

  /** What the threads do. */
  interface Work {
    /** One poll; {@code extra} for a thread that is to find out soon that it is not needed. */
    PollResult poll(boolean extra) throws InterruptedException;

    /** A poll or the end failed for no reason that was foreseen. */
    void failed(RuntimeException bug);

    /** The intake was stopped and the last poll has ended. */
    void ended();
  }

  private static final Duration PAUSE_AFTER_BUG = Duration.ofSeconds(1);

  private final Polling polling;
  private final Intake<?> intake;
  private final Work work;
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final AtomicInteger running = new AtomicInteger();
  private final CountDownLatch ended = new CountDownLatch(1);

  Pollers(Polling polling, Intake<?> intake, Work work) {
    this.polling = polling;
    this.intake = intake;
    this.work = work;
  }

  void start() {
    running.set(polling.minPollers());
    for (int i = 0; i < polling.minPollers(); i++) {
      start(false);
    }
  }

  private void start(boolean extra) {
    Thread.ofVirtual().name("sqs-poll").start(() -> run(extra));
  }

  private void run(boolean extra) {
    threads.add(Thread.currentThread());
    try {
      while (intake.awaitOpen()) {
        PollResult result = pollOnce(extra);
        if (result == PollResult.FULL) {
          grow();
        } else if (result == PollResult.NOTHING && extra) {
          return;
        }
      }
    } catch (InterruptedException brokenOff) {
      Thread.currentThread().interrupt();
    } finally {
      threads.remove(Thread.currentThread());
      if (running.decrementAndGet() == 0) {
        end();
      }
    }
  }

  private void end() {
    // What ends a poll must not end what comes after it.
    Thread.interrupted();
    try {
      work.ended();
    } catch (RuntimeException bug) {
      work.failed(bug);
    } finally {
      ended.countDown();
    }
  }

  private PollResult pollOnce(boolean extra) throws InterruptedException {
    try {
      return work.poll(extra);
    } catch (RuntimeException bug) {
      work.failed(bug);
      Thread.sleep(PAUSE_AFTER_BUG);
      return PollResult.NOTHING;
    }
  }

  private void grow() {
    int most = polling.maxPollers();
    if (running.getAndUpdate(count -> Math.min(most, count + 1)) < most) {
      start(true);
    }
  }

  /** How many poll now. */
  int running() {
    return running.get();
  }

  /**
   * Waits for polls under way after the intake was stopped; those that last longer are broken off.
   */
  void awaitEnd(Duration patience) throws InterruptedException {
    if (!ended.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      threads.forEach(Thread::interrupt);
      ended.await();
    }
  }

  /** Whether no poll is under way any more, and none will be. */
  boolean ended() {
    return ended.getCount() == 0;
  }
}
