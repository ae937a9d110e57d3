package dev.escala.source.sqs;

import dev.escala.model.Message;
import dev.escala.model.ReasonCode;
import dev.escala.model.Rejection;
import dev.escala.observe.Observer;
import dev.escala.source.sqs.S3Bodies.Opened;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Bodies in S3 that dead letters of a topic point to, as its queues may read them now. */
public final class LetterBodies implements AutoCloseable {
  private static final Set<ReasonCode> OF_POINTERS =
      Set.of(ReasonCode.PAYLOAD_S3_DENIED, ReasonCode.PAYLOAD_S3_MISSING);

  private final S3Bodies bodies;

  private LetterBodies(S3Bodies bodies) {
    this.bodies = bodies;
  }

  /** By the first of its queues that may read a bucket, or the first; empty where it has none. */
  public static Optional<LetterBodies> open(List<SqsSettings> queues, Observer observer) {
    return queues.stream()
        .filter(queue -> queue.s3().isUsed())
        .findFirst()
        .or(() -> queues.stream().findFirst())
        .map(queue -> new LetterBodies(S3Bodies.open(queue, observer)));
  }

  /** A letter with its body, or with why it has none; as it is where it is no pointer. */
  public Message opened(Message letter) {
    Rejection before = letter.unreadable();
    boolean ofPointer = before != null && OF_POINTERS.contains(before.reason());
    Message pointer = ofPointer ? letter.withUnreadable(null) : letter;
    return switch (bodies.opened(pointer, size -> true)) {
      case Opened.Ready(var message) -> message;
      case Opened.NoRoom _ -> later(letter);
      case Opened.Away _ -> later(letter);
    };
  }

  /** It stays a letter, of the reason that it had. */
  private static Message later(Message letter) {
    Rejection before = letter.unreadable();
    return letter.withUnreadable(
        Rejection.of(
            before == null ? ReasonCode.PAYLOAD_S3_MISSING : before.reason(),
            "S3 does not give the body now; the log says why. Replay it once more."));
  }

  @Override
  public void close() {
    bodies.close();
  }
}
