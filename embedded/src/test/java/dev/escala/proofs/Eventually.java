package dev.escala.proofs;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits until a condition holds. */
public final class Eventually {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(10);

  private Eventually() {}

  static void eventually(String what, Callable<Boolean> condition) {
    eventually(() -> what, condition);
  }

  /** With a description that is made when the time is over, and can tell how it stands then. */
  public static void eventually(Supplier<String> what, Callable<Boolean> condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!holds(condition)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + PATIENCE + ": " + what.get());
      }
      pause();
    }
  }

  /** A moment between two looks, or two attempts. */
  static void pause() {
    LockSupport.parkNanos(PAUSE.toNanos());
  }

  private static boolean holds(Callable<Boolean> condition) {
    try {
      return condition.call();
    } catch (Exception failure) {
      throw new AssertionError("the condition itself failed", failure);
    }
  }
}
