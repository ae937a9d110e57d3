package dev.escala.ops;

import dev.escala.observe.Observation.TaskFailed;
import dev.escala.observe.Observer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Does things again and again, each in a thread of its own, until it is closed. */
public final class PeriodicTasks implements AutoCloseable {
  private static final Duration AGAIN = Duration.ofMillis(200);

  private final Observer observer;
  private final List<Thread> threads = new CopyOnWriteArrayList<>();

  public PeriodicTasks(Observer observer) {
    this.observer = observer;
  }

  /** Something that lasts until its thread is interrupted. */
  public interface Work {
    void run() throws InterruptedException;
  }

  /** Begins at once. */
  public void run(String name, Work work) {
    threads.add(Thread.ofVirtual().name(name).start(() -> once(name, work)));
  }

  /** Begins at once; a round that takes longer than the time between two delays the next. */
  public void every(Duration time, String name, Runnable round) {
    run(name, () -> repeat(time, name, round));
  }

  private void repeat(Duration time, String name, Runnable round) throws InterruptedException {
    long next = System.nanoTime();
    while (!Thread.currentThread().isInterrupted()) {
      once(name, round::run);
      next += time.toNanos();
      long wait = next - System.nanoTime();
      if (wait > 0) {
        // A round is due by the clock alone; closing interrupts it, and a virtual thread holds no
        // other up.
        Thread.sleep(Duration.ofNanos(wait));
      } else {
        next -= wait;
      }
    }
  }

  private void once(String name, Work round) {
    try {
      round.run();
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException failure) {
      observer.observed(new TaskFailed(name, failure));
    }
  }

  /** Breaks off what is under way, and returns when all has ended. */
  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
    try {
      for (Thread thread : threads) {
        // A library under way may keep an interrupt for itself.
        while (!thread.join(AGAIN)) {
          thread.interrupt();
        }
      }
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }
}
