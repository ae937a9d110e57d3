package dev.escala.source.kafka;

import dev.escala.model.Payload;
import java.util.Optional;

/** Values that are JSON already. */
final class Unopened implements ValueOpening {
  static final Opener AS_IT_IS = value -> new Opened(Payload.of(value), null);

  private static final Optional<Opener> ALWAYS = Optional.of(AS_IT_IS);

  @Override
  public Optional<Opener> opener(byte[] value, boolean waits) {
    return ALWAYS;
  }
}
