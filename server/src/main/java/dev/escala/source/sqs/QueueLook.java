package dev.escala.source.sqs;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * A look at a queue, as a person takes it before anything is read.
 *
 * @param trouble what keeps it from being read, in a sentence that says what to do
 * @param description how the queue is set up; empty where it does not answer
 * @param advice what in it does harm one day, what it means, and what to do
 */
public record QueueLook(Optional<String> trouble, String description, List<String> advice) {

  /**
   * Asks the queue.
   *
   * @param longestWrite how long a batch may be gathered and written
   */
  public static QueueLook at(SqsSettings settings, Duration longestWrite) {
    try (SqsQueue queue = SqsQueue.open(settings)) {
      QueueAttributes attributes = queue.attributes();
      return new QueueLook(
          Optional.empty(), attributes.text(), QueueAdvice.of(attributes, longestWrite));
    } catch (SdkException failure) {
      return new QueueLook(
          Optional.of(SqsTrouble.sentence(settings.queue(), failure)), "", List.of());
    }
  }
}
