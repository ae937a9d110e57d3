package dev.escala.source.sqs;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** That SQS hides a message from others while it is ours to settle. */
final class Lease {
  private final String messageId;
  private final String handle;
  private final int bytes;
  private final int attempt;
  private final long takenNanos;
  private final AtomicBoolean claimed = new AtomicBoolean();
  private volatile Hidden hidden;

  /** From when on, and for how long. */
  private record Hidden(long sinceNanos, Duration timeout) {}

  Lease(String messageId, String handle, int bytes, int attempt, Duration visibility) {
    this.messageId = messageId;
    this.handle = handle;
    this.bytes = bytes;
    this.attempt = attempt;
    this.takenNanos = System.nanoTime();
    this.hidden = new Hidden(takenNanos, visibility);
  }

  String messageId() {
    return messageId;
  }

  String handle() {
    return handle;
  }

  /** Of the payload, for the permits. */
  int bytes() {
    return bytes;
  }

  int attempt() {
    return attempt;
  }

  /** Whether it is the caller's to settle or to give back; true for the first one only. */
  boolean claim() {
    return claimed.compareAndSet(false, true);
  }

  long ageNanos() {
    return System.nanoTime() - takenNanos;
  }

  /** Whether half of the time is over for which it was hidden last. */
  boolean isDue() {
    Hidden last = hidden;
    return System.nanoTime() - last.sinceNanos() >= last.timeout().dividedBy(2).toNanos();
  }

  void renewed(Duration visibility) {
    hidden = new Hidden(System.nanoTime(), visibility);
  }
}
