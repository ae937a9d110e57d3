package dev.escala.testing;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits until a condition holds; a test that needs time needs it for a condition. */
public final class Eventually {
  /** Only a test that fails waits for it; a machine may be very busy. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final Duration PAUSE = Duration.ofMillis(10);
  private static final int LOOKS = 240;

  /** Who has waited for long need not know at once: a look may cost as much as what is tested. */
  private static final int PART_OF_WAITED = 50;

  private static final Duration LONGEST_PAUSE = Duration.ofMillis(200);

  private Eventually() {}

  public static void eventually(String what, Callable<Boolean> condition) {
    eventually(() -> what, condition);
  }

  /** With a description that is made when the time is over, and can tell how it stands then. */
  public static void eventually(Supplier<String> what, Callable<Boolean> condition) {
    eventually(PATIENCE, PAUSE, what, condition);
  }

  /** The same for what takes longer: it is looked at less often. */
  public static void eventually(
      Duration patience, Supplier<String> what, Callable<Boolean> condition) {
    eventually(patience, patience.dividedBy(LOOKS), what, condition);
  }

  private static void eventually(
      Duration patience, Duration pause, Supplier<String> what, Callable<Boolean> condition) {
    long begun = System.nanoTime();
    while (!holds(condition)) {
      long waited = System.nanoTime() - begun;
      if (waited > patience.toNanos()) {
        throw new AssertionError("not within " + patience + ": " + what.get());
      }
      long longer = Math.min(waited / PART_OF_WAITED, LONGEST_PAUSE.toNanos());
      LockSupport.parkNanos(Math.max(pause.toNanos(), longer));
    }
  }

  /** A moment between two looks, or two attempts. */
  public static void pause() {
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
