package dev.escala.ingest;

import dev.escala.model.Message;
import dev.escala.model.Moment;
import dev.escala.model.Outcome;
import dev.escala.source.Delivery;
import dev.escala.store.Written;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Deliveries that are stored together, and what became of their messages so far. */
final class Batch {
  private final Moment receivedAt = Moment.now();
  private final List<Part> open = new ArrayList<>();
  private final List<Message> messages = new ArrayList<>();
  private @Nullable Outcome[] outcomes = new @Nullable Outcome[0];
  private Instant oldestPublished = Instant.MAX;
  private long bytes;

  /** A delivery, and where its messages begin. */
  private record Part(Delivery delivery, int from) {
    int to() {
      return from + delivery.messages().size();
    }
  }

  /** A delivery whose messages all have their outcomes, in order. */
  record Complete(Delivery delivery, List<Outcome> outcomes) {}

  void add(Delivery delivery) {
    open.add(new Part(delivery, messages.size()));
    for (Message message : delivery.messages()) {
      messages.add(message);
      bytes += message.payload().length();
      Instant published = message.origin().publishedAt();
      oldestPublished = published.isBefore(oldestPublished) ? published : oldestPublished;
    }
    outcomes = Arrays.copyOf(outcomes, messages.size());
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

  Moment receivedAt() {
    return receivedAt;
  }

  Instant oldestPublished() {
    return oldestPublished;
  }

  /** The positions from the first to before the last one that have no outcome yet. */
  List<Integer> undecided(int from, int to) {
    List<Integer> positions = new ArrayList<>();
    for (int i = from; i < to; i++) {
      if (outcomes[i] == null) {
        positions.add(i);
      }
    }
    return positions;
  }

  /** Notes what became of the messages at these positions. */
  void note(List<Integer> positions, Written written) {
    for (int i = 0; i < positions.size(); i++) {
      outcomes[positions.get(i)] = written.outcomes().get(i);
    }
  }

  /** The deliveries that became complete since the last time; they are the caller's to settle. */
  List<Complete> takeComplete() {
    List<Complete> complete = new ArrayList<>();
    for (Part part : List.copyOf(open)) {
      if (undecided(part.from(), part.to()).isEmpty()) {
        open.remove(part);
        complete.add(
            new Complete(
                part.delivery(),
                Arrays.stream(outcomes, part.from(), part.to())
                    .map(Objects::requireNonNull)
                    .toList()));
      }
    }
    return complete;
  }
}
