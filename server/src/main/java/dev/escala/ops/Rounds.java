package dev.escala.ops;

import dev.escala.observe.Observation.TaskFailed;
import dev.escala.observe.Observer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Does things again and again, each in a thread of its own, until it is closed. */
public final class Rounds implements AutoCloseable {
  private final Observer observer;
  private final List<Thread> threads = new CopyOnWriteArrayList<>();

  public Rounds(Observer observer) {
    this.observer = observer;
  }

  /** Begins at once; a round that takes longer than the time between two delays the next. */
  public void every(Duration time, String name, Runnable round) {
    threads.add(Thread.ofVirtual().name(name).start(() -> run(time, name, round)));
  }

  private void run(Duration time, String name, Runnable round) {
    long next = System.nanoTime();
    try {
      while (!Thread.currentThread().isInterrupted()) {
        once(name, round);
        next += time.toNanos();
        long wait = next - System.nanoTime();
        if (wait > 0) {
          Thread.sleep(Duration.ofNanos(wait));
        } else {
          next -= wait;
        }
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private void once(String name, Runnable round) {
    try {
      round.run();
    } catch (RuntimeException failure) {
      observer.observed(new TaskFailed(name, failure));
    }
  }

  /** Breaks off the rounds under way. */
  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }
}
