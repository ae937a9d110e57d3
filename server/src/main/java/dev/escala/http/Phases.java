package dev.escala.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How long each phase of a request took, as the header {@code Server-Timing} has it. */
final class Phases {
  private static final double NANOS = 1e6;

  private final List<String> ended = new ArrayList<>();
  private long begunNanos;

  Phases(long begunNanos) {
    this.begunNanos = begunNanos;
  }

  void ended(String phase) {
    long now = System.nanoTime();
    ended.add(String.format(Locale.ROOT, "%s;dur=%.1f", phase, (now - begunNanos) / NANOS));
    begunNanos = now;
  }

  @Override
  public String toString() {
    return String.join(", ", ended);
  }
}
