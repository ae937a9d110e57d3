package dev.escala.ingest;

import dev.escala.model.Message;
import dev.escala.model.Outcome;
import dev.escala.source.Delivery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Deliveries that are stored together. */
final class Batch {
  private final Instant receivedAt = Instant.now();
  private final List<Delivery> deliveries = new ArrayList<>();
  private final List<Message> messages = new ArrayList<>();
  private Instant oldestPublished = Instant.MAX;
  private Instant newestPublished = Instant.MIN;
  private long bytes;

  void add(Delivery delivery) {
    deliveries.add(delivery);
    for (Message message : delivery.messages()) {
      messages.add(message);
      bytes += message.payload().length();
      Instant published = message.origin().publishedAt();
      oldestPublished = published.isBefore(oldestPublished) ? published : oldestPublished;
      newestPublished = published.isAfter(newestPublished) ? published : newestPublished;
    }
  }

  boolean hasRoom(IngestSettings settings) {
    return messages.size() < settings.rows() && bytes < settings.bytes();
  }

  List<Message> messages() {
    return messages;
  }

  long bytes() {
    return bytes;
  }

  /** Bytes by which batches share memory: small messages weigh more than their payloads. */
  long weight() {
    return bytes + Message.OVERHEAD_BYTES * messages.size();
  }

  Instant receivedAt() {
    return receivedAt;
  }

  Instant oldestPublished() {
    return oldestPublished;
  }

  Instant newestPublished() {
    return newestPublished;
  }

  /** Hands each delivery its part of the outcomes. */
  void settle(List<Outcome> outcomes) {
    int from = 0;
    for (Delivery delivery : deliveries) {
      int to = from + delivery.messages().size();
      delivery.settle(List.copyOf(outcomes.subList(from, to)));
      from = to;
    }
  }
}
