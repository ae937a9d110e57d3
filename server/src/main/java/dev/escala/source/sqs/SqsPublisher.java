package dev.escala.source.sqs;

import dev.escala.model.Backlog;
import dev.escala.observe.Observer;
import dev.escala.source.sns.SnsEnvelope;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.core.exception.SdkException;

/** Sends messages into a queue as its producers do, in the form in which it is read. */
public final class SqsPublisher implements AutoCloseable {
  private static final String NO_TOPIC = "arn:aws:sns:us-east-1:000000000000:escala";

  private final SqsSettings settings;
  private final SqsQueue queue;
  private final QueueDepth depth;

  private SqsPublisher(SqsSettings settings, SqsQueue queue, Observer observer) {
    this.settings = settings;
    this.queue = queue;
    this.depth = new QueueDepth(queue, settings.topic(), observer);
  }

  /** Does not touch the queue. */
  public static SqsPublisher open(SqsSettings settings, Observer observer) {
    SqsSettings sending =
        new SqsSettings(
            settings.queue(),
            settings.topic(),
            settings.format(),
            settings.region(),
            settings.endpoint(),
            new SqsSettings.Polling(1, 1, Duration.ZERO),
            settings.permits(),
            S3Settings.NONE);
    return new SqsPublisher(sending, SqsQueue.open(sending), observer);
  }

  /** Sends one message; says why it was not taken and what to do, or nothing where it was. */
  public Optional<String> publish(String payload) {
    try {
      queue.send(settings.format() == SqsFormat.SNS ? enveloped(payload) : payload);
      return Optional.empty();
    } catch (SdkException failure) {
      return Optional.of(SqsTrouble.ofSending(settings.queue(), failure));
    }
  }

  private static String enveloped(String payload) {
    return new SnsEnvelope(
            UUID.randomUUID().toString(), NO_TOPIC, null, payload, Instant.now(), Map.of())
        .wrap();
  }

  /** What is in the queue now; empty where it does not answer. */
  public Optional<Backlog> backlog() {
    return depth.look();
  }

  @Override
  public void close() {
    queue.close();
  }
}
