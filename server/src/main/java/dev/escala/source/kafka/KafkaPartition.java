package dev.escala.source.kafka;

import dev.escala.model.Message;
import dev.escala.source.Intake;
import dev.escala.source.Permits;
import dev.escala.source.kafka.KafkaDelivery.Contents;
import dev.escala.source.kafka.ValueOpening.Opener;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** A partition that this member reads; of the thread that polls. */
final class KafkaPartition {
  private Progress progress = new Progress();

  /** Polled, and waiting for permits. */
  private final Deque<ConsumerRecord<byte[], byte[]>> polled = new ArrayDeque<>();

  /** Up to where was polled, marks of transactions behind the last record included. */
  private long polledTo = -1;

  private long committed = -1;
  private boolean isHeld;

  /** What partitions share. */
  record Shared(Intake<KafkaDelivery> intake, Permits permits, KafkaMessageReader reader) {}

  Progress progress() {
    return progress;
  }

  /** What a poll brought, and the next offset behind it. */
  void add(Collection<ConsumerRecord<byte[], byte[]>> records, long next) {
    polled.addAll(records);
    polledTo = next;
  }

  boolean hasPolled() {
    return !polled.isEmpty();
  }

  /** What was polled and is no delivery yet is to be polled again. */
  void drop() {
    polledTo = -1;
    isHeld = false;
    ConsumerRecord<byte[], byte[]> first = polled.peekFirst();
    if (first != null) {
      progress.untake(first.offset());
      polled.clear();
    }
  }

  /** Whether the next record waits for what opens its value. */
  boolean isHeld() {
    return isHeld;
  }

  /** Hands out as much as there are permits for, up to a record that cannot be opened yet. */
  void handOut(Shared shared) {
    Slice slice = new Slice();
    @Nullable ConsumerRecord<byte[], byte[]> next = polled.peekFirst();
    isHeld = false;
    while (next != null && shared.permits().tryAcquire(1, KafkaMessageReader.bytes(next))) {
      Optional<Opener> opener = shared.reader().opener(next);
      if (opener.isEmpty()) {
        shared.permits().release(1, KafkaMessageReader.bytes(next));
        isHeld = true;
        break;
      }
      take(next, opener.get(), slice, shared);
      polled.removeFirst();
      next = polled.peekFirst();
    }
    if (next == null && polledTo >= 0) {
      progress.passOver(polledTo);
    }
    if (!slice.messages.isEmpty()) {
      offer(shared, new KafkaDelivery(progress, shared.permits(), slice.contents()));
    }
  }

  private void take(
      ConsumerRecord<byte[], byte[]> next, Opener opener, Slice slice, Shared shared) {
    if (progress.isPast(next.offset())) {
      startAnew();
    }
    int attempt = progress.take(next.offset());
    long bytes = KafkaMessageReader.bytes(next);
    if (attempt == 0) {
      shared.permits().release(1, bytes);
      return;
    }
    Message message = shared.reader().read(next, attempt, opener);
    // Avro says in a byte what takes a line of JSON.
    long opened = Math.max(bytes, message.payload().length());
    shared.permits().exchange(1, bytes, 1, opened);
    slice.add(message, next.offset(), opened);
  }

  /** The log lost its end, or the topic was made anew: these offsets mean other records now. */
  private void startAnew() {
    progress = new Progress();
    committed = -1;
  }

  private static final class Slice {
    private final List<Message> messages = new ArrayList<>();
    private final List<Long> offsets = new ArrayList<>();
    private long bytes;

    void add(Message message, long offset, long held) {
      messages.add(message);
      offsets.add(offset);
      bytes += held;
    }

    Contents contents() {
      return new Contents(messages, offsets, bytes);
    }
  }

  private static void offer(Shared shared, KafkaDelivery delivery) {
    if (shared.intake().offer(delivery) != Intake.State.OPEN) {
      delivery.giveBack();
    }
  }

  /** Where to commit to, where that is news. */
  OptionalLong toCommit() {
    OptionalLong settled = progress.settledUpTo();
    return settled.isPresent() && settled.getAsLong() > committed ? settled : OptionalLong.empty();
  }

  /** How many offsets are settled and not committed, as far as that is known. */
  long uncommitted() {
    return committed < 0 ? 0 : toCommit().orElse(committed) - committed;
  }

  void committed(long offset) {
    committed = Math.max(committed, offset);
  }
}
