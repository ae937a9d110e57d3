package dev.escala.source.sqs;

import dev.escala.model.Message;
import dev.escala.model.Payload;
import dev.escala.model.ReasonCode;
import dev.escala.model.Rejection;
import dev.escala.model.SourceKind;
import dev.escala.observe.Observation.SourceFailed;
import dev.escala.observe.Observation.SourceRecovered;
import dev.escala.observe.Observer;
import dev.escala.source.sqs.S3Objects.Fetched;
import dev.escala.source.sqs.S3Pointer.Found;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** Puts in place of a pointer the body that it points to, where it may be read. */
final class S3Bodies implements AutoCloseable {
  private final S3Settings settings;
  private final String topic;
  private final @Nullable S3Objects objects;
  private final Observer observer;
  private final AtomicBoolean failing = new AtomicBoolean();

  /** What became of a message that may hold a pointer. */
  sealed interface Opened {
    /** It is whole, or cannot be and says why. */
    record Ready(Message message) implements Opened {}

    /** There is no room for its body now. */
    record NoRoom() implements Opened {}

    /** S3 does not say what its body is now, which was reported. */
    record Away() implements Opened {}
  }

  private S3Bodies(SqsSettings settings, @Nullable S3Objects objects, Observer observer) {
    this.settings = settings.s3();
    this.topic = settings.topic();
    this.objects = objects;
    this.observer = observer;
  }

  /** Has a client where a bucket may be read. */
  static S3Bodies open(SqsSettings settings, Observer observer) {
    return new S3Bodies(
        settings, settings.s3().isUsed() ? S3Objects.open(settings) : null, observer);
  }

  /** A message while S3 is away: whole where it needs nothing of it. */
  static Opened unasked(Message message) {
    return S3Pointer.in(message).isPresent() ? new Opened.Away() : new Opened.Ready(message);
  }

  /**
   * A message with its body.
   *
   * @param room asked with the size before a body is read
   */
  Opened opened(Message message, LongPredicate room) {
    return switch (S3Pointer.in(message).orElse(null)) {
      case null -> new Opened.Ready(message);
      case Found.Broken(var detail) ->
          rejected(message, ReasonCode.ENVELOPE_INVALID, "The pointer to S3 is broken: " + detail);
      case Found.To(var pointer) -> read(message, pointer, room);
    };
  }

  private Opened read(Message message, S3Pointer pointer, LongPredicate room) {
    if (objects == null || !settings.buckets().contains(pointer.bucket())) {
      return rejected(
          message,
          ReasonCode.PAYLOAD_S3_DENIED,
          "The body is in the bucket %s of S3, which sources[].sqs.s3.buckets does not list. List it if it may be read."
              .formatted(pointer.bucket()));
    }
    Fetched fetched = objects.fetch(pointer, settings.maxBytes(), room);
    report(fetched);
    return switch (fetched) {
      case Fetched.Content(var bytes) ->
          new Opened.Ready(
              new Message(
                  message.topic(),
                  Payload.of(bytes),
                  message.origin(),
                  null,
                  message.deadLetter()));
      case Fetched.TooLarge() ->
          rejected(
              message,
              ReasonCode.PAYLOAD_TOO_LARGE,
              "The body in the bucket %s of S3 has more than %,d bytes (sources[].sqs.s3.max-bytes)."
                  .formatted(pointer.bucket(), settings.maxBytes()));
      case Fetched.Gone() ->
          rejected(
              message,
              ReasonCode.PAYLOAD_S3_MISSING,
              "The body is not in the bucket %s of S3 any more: something deleted it, such as a lifecycle rule that is shorter than the queue's retention."
                  .formatted(pointer.bucket()));
      case Fetched.NoRoom() -> new Opened.NoRoom();
      case Fetched.Away _ -> new Opened.Away();
    };
  }

  /** Each change once. */
  private void report(Fetched fetched) {
    if (fetched instanceof Fetched.Away(var detail)) {
      if (!failing.getAndSet(true)) {
        observer.observed(new SourceFailed(SourceKind.SQS, topic, detail));
      }
    } else if (failing.getAndSet(false)) {
      observer.observed(new SourceRecovered(SourceKind.SQS, topic));
    }
  }

  /** The pointer stays its payload, for who puts things right. */
  private static Opened rejected(Message message, ReasonCode reason, String detail) {
    return new Opened.Ready(message.withUnreadable(Rejection.of(reason, detail)));
  }

  @Override
  public void close() {
    if (objects != null) {
      objects.close();
    }
  }
}
