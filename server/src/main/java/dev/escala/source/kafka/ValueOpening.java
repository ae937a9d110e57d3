package dev.escala.source.kafka;

import dev.escala.model.Payload;
import dev.escala.model.ReasonCode;
import dev.escala.model.Rejection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes JSON of the values of records, whatever they are. */
sealed interface ValueOpening extends AutoCloseable
    permits OpenedByRegistry, OpenedBySchema, Unopened {

  /**
   * What opens this value; empty where that cannot be known now.
   *
   * @param waits whether to wait for whoever knows; else the answer is there at another call
   */
  Optional<Opener> opener(byte[] value, boolean waits);

  /** A sentence where whoever has to be asked does not answer; asks. */
  default Optional<String> trouble() {
    return Optional.empty();
  }

  @Override
  default void close() {}

  /** Opens values of one kind, without waiting and without throwing. */
  @FunctionalInterface
  interface Opener {
    Opened open(byte[] value);
  }

  /**
   * A value.
   *
   * @param payload JSON, or the value itself where it cannot be opened
   * @param unreadable why it cannot; null where it can
   */
  record Opened(Payload payload, @Nullable Rejection unreadable) {
    static Opened rejected(byte[] value, ReasonCode reason, String detail) {
      return new Opened(Payload.of(value), Rejection.of(reason, detail));
    }
  }
}
