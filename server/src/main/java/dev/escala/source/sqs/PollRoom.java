package dev.escala.source.sqs;

import dev.escala.source.Permits;
import java.time.Duration;
import java.util.Optional;

/** The permits of one poll: reserved by what is expected, and exchanged for what came. */
final class PollRoom {
  private final Permits permits;
  private final int messages;
  private long reserved;
  private long used;
  private long largest;

  private PollRoom(Permits permits, int messages, long reserved) {
    this.permits = permits;
    this.messages = messages;
    this.reserved = reserved;
  }

  /** Waits until at least one message of that size fits; empty where none does. */
  static Optional<PollRoom> reserve(Permits permits, long bytesEach, Duration wait)
      throws InterruptedException {
    int fitting = permits.acquireUpTo(SqsQueue.MAX_BATCH, bytesEach, wait);
    return fitting == 0
        ? Optional.empty()
        : Optional.of(new PollRoom(permits, fitting, fitting * bytesEach));
  }

  /** For so many messages. */
  int messages() {
    return messages;
  }

  /** Something is held already, whether there is room for it or not. */
  void hold(long bytes) {
    used += bytes;
    largest = Math.max(largest, bytes);
  }

  /** Holds something if there is room; one is always held, however large, so that it gets on. */
  boolean tryHold(long bytes) {
    largest = Math.max(largest, bytes);
    long missing = used + bytes - reserved;
    if (missing > 0 && used > 0) {
      if (!permits.tryAcquire(0, missing)) {
        return false;
      }
      reserved += missing;
    }
    used += bytes;
    return true;
  }

  /** Of all that was held, or was to be. */
  long largest() {
    return largest;
  }

  /** Ends the poll: what came is held until it is settled. */
  void exchange(int held, long bytes) {
    permits.exchange(messages, reserved, held, bytes);
  }
}
