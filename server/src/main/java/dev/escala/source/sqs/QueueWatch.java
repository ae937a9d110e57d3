package dev.escala.source.sqs;

import dev.escala.observe.Observation.QueueDoubted;
import dev.escala.observe.Observation.QueueRead;
import dev.escala.observe.Observer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/** The attributes of a queue: read before the first poll, and again now and then. */
final class QueueWatch {
  private final SqsQueue queue;
  private final String topic;
  private final Duration longestWrite;
  private final Duration freshFor;
  private final Observer observer;
  private final Set<String> told = new HashSet<>();
  private @Nullable QueueAttributes known;
  private long readNanos;

  /**
   * A watch that knows nothing yet.
   *
   * @param longestWrite how long a batch may be gathered and written
   * @param freshFor how long attributes are taken for true
   */
  QueueWatch(
      SqsQueue queue,
      SqsSettings settings,
      Duration longestWrite,
      Duration freshFor,
      Observer observer) {
    this.queue = queue;
    this.topic = settings.topic();
    this.longestWrite = longestWrite;
    this.freshFor = freshFor;
    this.observer = observer;
  }

  /**
   * What is known now. Changes and doubts are told once.
   *
   * @throws SdkException if they were never read, and cannot be
   */
  synchronized QueueAttributes look() {
    QueueAttributes before = known;
    if (before != null && System.nanoTime() - readNanos < freshFor.toNanos()) {
      return before;
    }
    try {
      QueueAttributes now = queue.attributes();
      tell(before, now);
      known = now;
      return now;
    } catch (SdkException unanswered) {
      if (before == null) {
        throw unanswered;
      }
      return before;
    } finally {
      readNanos = System.nanoTime();
    }
  }

  private void tell(@Nullable QueueAttributes before, QueueAttributes now) {
    if (now.equals(before)) {
      return;
    }
    observer.observed(new QueueRead(topic, now.text()));
    for (String doubt : QueueAdvice.of(now, longestWrite)) {
      if (told.add(doubt)) {
        observer.observed(new QueueDoubted(topic, doubt));
      }
    }
  }
}
