package dev.escala.app;

import dev.escala.ingest.Replay;
import dev.escala.model.Message;
import dev.escala.model.ReasonCode;
import dev.escala.model.Rejection;
import dev.escala.observe.Observer;
import dev.escala.source.sqs.LetterBodies;
import java.util.Optional;

/** Opens letters as the sources of their topic are configured now. */
final class LetterOpening implements Replay.Opening {
  private final boolean envelopes;
  private final Optional<LetterBodies> bodies;

  private LetterOpening(boolean envelopes, Optional<LetterBodies> bodies) {
    this.envelopes = envelopes;
    this.bodies = bodies;
  }

  static LetterOpening open(Configuration configuration, String topic, Observer observer) {
    return new LetterOpening(
        configuration.expectsEnvelopes(topic),
        LetterBodies.open(
            configuration.queues().stream().filter(q -> q.topic().equals(topic)).toList(),
            observer));
  }

  @Override
  public Message opened(Message letter) {
    Message sent = asSent(letter);
    return bodies.map(queue -> queue.opened(sent)).orElse(sent);
  }

  /** The body is what the producer sent, where no source of the topic expects an envelope now. */
  private Message asSent(Message letter) {
    Rejection unreadable = letter.unreadable();
    return unreadable == null || envelopes || unreadable.reason() != ReasonCode.ENVELOPE_INVALID
        ? letter
        : letter.withUnreadable(null);
  }

  @Override
  public void close() {
    bodies.ifPresent(LetterBodies::close);
  }
}
