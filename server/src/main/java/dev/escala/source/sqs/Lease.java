package dev.escala.source.sqs;

import java.util.concurrent.atomic.AtomicBoolean;

/** That SQS hides a message from others while it is ours to settle. */
final class Lease {
  private final String messageId;
  private final String handle;
  private final int bytes;
  private final int attempt;
  private final long takenNanos;
  private final AtomicBoolean claimed = new AtomicBoolean();
  private volatile long renewedNanos;

  Lease(String messageId, String handle, int bytes, int attempt) {
    this.messageId = messageId;
    this.handle = handle;
    this.bytes = bytes;
    this.attempt = attempt;
    this.takenNanos = System.nanoTime();
    this.renewedNanos = takenNanos;
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

  long sinceRenewalNanos() {
    return System.nanoTime() - renewedNanos;
  }

  void renewed() {
    renewedNanos = System.nanoTime();
  }
}
