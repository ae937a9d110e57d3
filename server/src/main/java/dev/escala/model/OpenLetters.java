package dev.escala.model;

import java.time.Instant;

/**
 * Dead letters of one topic and reason that nobody did anything about.
 *
 * @param reason the code of a {@link ReasonCode}, or what another version wrote
 * @param count how many there are, up to {@link #MOST}
 * @param oldest when the first of them was rejected for the first time
 */
public record OpenLetters(String topic, String reason, long count, Instant oldest) {
  /** No more are counted: what is that much is a lot. */
  public static final int MOST = 1_000;

  /** Whether there may be more than were counted. */
  public boolean orMore() {
    return count >= MOST;
  }
}
