package dev.escala.http;

import java.time.Duration;

/** How long nothing could be done for an answer but to wait for its client. Of one event loop. */
final class ClientWait {
  private long waitedNanos;
  private long sinceNanos;
  private boolean waits;

  void begin() {
    if (!waits) {
      waits = true;
      sinceNanos = System.nanoTime();
    }
  }

  void end() {
    if (waits) {
      waits = false;
      waitedNanos += System.nanoTime() - sinceNanos;
    }
  }

  Duration waited() {
    return Duration.ofNanos(waitedNanos);
  }
}
