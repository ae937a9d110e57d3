package dev.escala.app;

import dev.escala.ingest.Replay;
import dev.escala.model.Message;
import dev.escala.model.ReasonCode;
import dev.escala.model.Rejection;
import dev.escala.observe.Observer;
import dev.escala.source.kafka.KafkaLetters;
import dev.escala.source.sqs.LetterBodies;
import java.util.Optional;

/** Opens letters as the sources of their topic are configured now. */
final class LetterOpening implements Replay.Opening {
  private final boolean envelopes;
  private final Optional<LetterBodies> bodies;
  private final Optional<KafkaLetters> values;

  private LetterOpening(
      boolean envelopes, Optional<LetterBodies> bodies, Optional<KafkaLetters> values) {
    this.envelopes = envelopes;
    this.bodies = bodies;
    this.values = values;
  }

  static LetterOpening open(Configuration configuration, String topic, Observer observer) {
    return new LetterOpening(
        configuration.expectsEnvelopes(topic),
        LetterBodies.open(
            configuration.queues().stream().filter(q -> q.topic().equals(topic)).toList(),
            observer),
        KafkaLetters.open(
            configuration.kafka().stream().filter(k -> k.topic().equals(topic)).toList(),
            observer));
  }

  @Override
  public Message opened(Message letter) {
    Message sent = asSent(letter);
    Message whole = bodies.map(queue -> queue.opened(sent)).orElse(sent);
    return values.map(kafka -> kafka.opened(whole)).orElse(whole);
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
    values.ifPresent(KafkaLetters::close);
  }
}
