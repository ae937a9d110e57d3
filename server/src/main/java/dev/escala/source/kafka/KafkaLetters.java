package dev.escala.source.kafka;

import dev.escala.model.Message;
import dev.escala.model.Payload;
import dev.escala.model.ReasonCode;
import dev.escala.model.Rejection;
import dev.escala.model.SourceKind;
import dev.escala.observe.Observer;
import dev.escala.source.kafka.ValueOpening.Opened;
import java.util.List;
import java.util.Optional;

/** Values of records in dead letters of a topic, as its sources would open them now. */
public final class KafkaLetters implements AutoCloseable {
  private final ValueOpening values;

  private KafkaLetters(ValueOpening values) {
    this.values = values;
  }

  /** By the first of its sources whose values are no JSON; empty where there is none. */
  public static Optional<KafkaLetters> open(List<KafkaSettings> sources, Observer observer) {
    return sources.stream()
        .filter(source -> !source.format().equals(ValueFormat.JSON))
        .findFirst()
        .map(source -> new KafkaLetters(ValueOpenings.open(source, observer)));
  }

  /** A letter with its value as JSON, or with why it has none; as it is where it is JSON. */
  public Message opened(Message letter) {
    if (!isClosed(letter)) {
      return letter;
    }
    byte[] value = letter.payload().copy();
    return values
        .opener(value, true)
        .map(opener -> opener.open(value))
        .map(opened -> with(letter, opened))
        .orElseGet(() -> later(letter));
  }

  /**
   * Whether it is a value as it came: one that could not be opened, or that was taken as JSON when
   * nothing said what it is. What was opened is an object in JSON, mostly.
   */
  private static boolean isClosed(Message letter) {
    Rejection why = letter.unreadable();
    if (why != null) {
      return why.reason() == ReasonCode.PAYLOAD_MALFORMED
          || why.reason() == ReasonCode.PAYLOAD_SCHEMA_MISSING;
    }
    Payload body = letter.payload();
    return letter.origin().source() == SourceKind.KAFKA
        && body.length() > 0
        && " \t\r\n{[\"".indexOf(body.array()[body.offset()]) < 0;
  }

  private static Message with(Message letter, Opened opened) {
    return new Message(
        letter.topic(),
        opened.payload(),
        letter.origin(),
        opened.unreadable(),
        letter.deadLetter());
  }

  private static Message later(Message letter) {
    return letter.withUnreadable(
        Rejection.of(
            ReasonCode.PAYLOAD_SCHEMA_MISSING,
            "The schema registry does not answer now; the log says why. Replay it once more."));
  }

  @Override
  public void close() {
    values.close();
  }
}
