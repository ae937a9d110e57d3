package dev.escala.source.sqs;

import dev.escala.model.Backlog;
import dev.escala.observe.Observation.DeadLettersUnknown;
import dev.escala.observe.Observer;
import dev.escala.source.sqs.QueueAttributes.Redrive;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/** Asks how much a queue holds, and the dead-letter queue behind it. */
final class QueueDepth {
  private final SqsQueue queue;
  private final String topic;
  private final Observer observer;
  private final AtomicBoolean told = new AtomicBoolean();

  QueueDepth(SqsQueue queue, String topic, Observer observer) {
    this.queue = queue;
    this.topic = topic;
    this.observer = observer;
  }

  /** Empty where the queue does not answer, which its polls report. */
  Optional<Backlog> look() {
    try {
      SqsQueue.Depth depth = queue.depth();
      return Optional.of(
          new Backlog(
              depth.visible(), depth.inFlight(), depth.delayed(), deadLetters(depth.redrive())));
    } catch (SdkException unanswered) {
      return Optional.empty();
    }
  }

  private @Nullable Long deadLetters(@Nullable Redrive redrive) {
    if (redrive == null) {
      return null;
    }
    try {
      long messages = queue.deadLetters(redrive);
      told.set(false);
      return messages;
    } catch (SdkException refused) {
      if (!told.getAndSet(true)) {
        observer.observed(
            new DeadLettersUnknown(topic, SqsTrouble.sentence(redrive.deadLetterArn(), refused)));
      }
      return null;
    }
  }
}
