package dev.escala.source.sqs;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/** That SQS hides a message from others while it is ours to settle. */
final class Lease {
  private final String messageId;
  private final String handle;
  private volatile int bytes;
  private final int attempt;
  private final @Nullable String group;
  private final long takenNanos;
  private final AtomicBoolean claimed = new AtomicBoolean();
  private volatile Hidden hidden;

  /** From when on, and for how long. */
  private record Hidden(long sinceNanos, Duration timeout) {}

  /**
   * A lease that begins now.
   *
   * @param bytes of the payload
   * @param visibility for how long the message was hidden
   */
  Lease(Message received, int bytes, Duration visibility) {
    this.messageId = received.messageId();
    this.handle = received.receiptHandle();
    this.bytes = bytes;
    this.attempt = SqsMessageReader.attempt(received);
    this.group = fifoGroup(received);
    this.takenNanos = System.nanoTime();
    this.hidden = new Hidden(takenNanos, visibility);
  }

  /** Groups of a standard queue only share its capacity; only in FIFO queues is a number given. */
  private static @Nullable String fifoGroup(Message received) {
    return received.attributes().containsKey(MessageSystemAttributeName.SEQUENCE_NUMBER)
        ? received.attributes().get(MessageSystemAttributeName.MESSAGE_GROUP_ID)
        : null;
  }

  String messageId() {
    return messageId;
  }

  String handle() {
    return handle;
  }

  /** Its payload has another size than what was received. */
  void resize(int payloadBytes) {
    bytes = payloadBytes;
  }

  /** Of the payload, for the permits. */
  int bytes() {
    return bytes;
  }

  int attempt() {
    return attempt;
  }

  /** Whose order is kept; null in a queue that keeps none. */
  @Nullable String group() {
    return group;
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
