package dev.escala.source.http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Does only so much at a time of what computes for long, in the order in which it came, on threads
 * of the operating system. A virtual thread that computes keeps its carrier; on few cores all the
 * others, those of small requests too, would stand still until it is done.
 */
final class Turns {
  private final Semaphore free;
  private final ThreadPoolExecutor threads;

  /** So many things at a time. */
  Turns(int atOnce) {
    free = new Semaphore(atOnce, true);
    threads =
        new ThreadPoolExecutor(
            atOnce,
            atOnce,
            1,
            TimeUnit.MINUTES,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("unpack-", 0).factory());
    threads.allowCoreThreadTimeOut(true);
  }

  /** As many at a time as there are cores. */
  static Turns ofCores() {
    return new Turns(Runtime.getRuntime().availableProcessors());
  }

  /**
   * Waits for a turn for at most so long, does the work, and returns when it is done; what the work
   * throws is thrown here.
   *
   * @return whether there was a turn
   */
  boolean take(Duration patience, Runnable work) {
    if (!hasTurn(patience)) {
      return false;
    }
    try {
      CompletableFuture.runAsync(work, threads).join();
      return true;
    } catch (CompletionException thrown) {
      if (thrown.getCause() instanceof Error error) {
        throw error;
      }
      throw thrown.getCause() instanceof RuntimeException failure ? failure : thrown;
    } finally {
      free.release();
    }
  }

  private boolean hasTurn(Duration patience) {
    try {
      return free.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
