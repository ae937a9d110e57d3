package dev.escala.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How long an answer takes, and how much of that is its client's. Of one event loop. */
public final class AnswerTime {
  private final long startedNanos = System.nanoTime();
  private final ClientWait wait = new ClientWait();
  private @Nullable Duration begun;

  AnswerTime() {}

  long startedNanos() {
    return startedNanos;
  }

  ClientWait ofClient() {
    return wait;
  }

  /** The client has taken what was written. */
  public void clientTook() {
    wait.end();
  }

  /** How long nothing could be done but to wait for the client. */
  public Duration waitedForClient() {
    return wait.waited();
  }

  /** How long the server took so far, without the waiting for the client. */
  Duration took() {
    clientTook();
    return Duration.ofNanos(System.nanoTime() - startedNanos).minus(wait.waited());
  }

  /** The head of the answer goes out. */
  void begins() {
    begun = took();
  }

  /** How long it took until then; all of it, where there was none. */
  Duration begun() {
    return begun == null ? took() : begun;
  }
}
