package dev.escala.http;

import java.time.Duration;

/** Counts requests that are not answered yet, so that a stop can wait for them. */
final class RunningRequests {
  // Guarded by this, for a few instructions.
  private int running;

  synchronized void begin() {
    running++;
  }

  synchronized void end() {
    running--;
    notifyAll();
  }

  /** Waits until there is none, but no longer than that; off the event loops. */
  synchronized void awaitNone(Duration longest) {
    long deadline = System.nanoTime() + longest.toNanos();
    try {
      while (running > 0) {
        long millis = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
        if (millis <= 0) {
          return;
        }
        wait(millis);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
