package dev.escala.http.connection;

import org.jspecify.annotations.Nullable;

/**
 * Without memory nothing goes on as it should, and not every error of that kind ends the process by
 * itself: memory outside of the heap is counted by libraries, whose errors the JVM does not see.
 */
public final class OutOfMemory {
  /** As {@code -XX:+ExitOnOutOfMemoryError} exits. */
  private static final int EXIT = 3;

  private static final int MOST_CAUSES = 8;

  private OutOfMemory() {}

  /** Halts the process if memory is why this failed; else returns. */
  @SuppressWarnings("SystemOut") // there may be no memory for a line of the log
  public static void endsTheProcess(@Nullable Throwable failure) {
    Throwable cause = failure;
    for (int i = 0; i < MOST_CAUSES && cause != null; i++) {
      if (cause instanceof OutOfMemoryError) {
        System.err.println("Terminating due to " + cause);
        Runtime.getRuntime().halt(EXIT);
      }
      cause = cause.getCause();
    }
  }
}
