package dev.escala.source.sqs;

import dev.escala.model.Backoff;
import dev.escala.model.Moment;
import dev.escala.model.SourceKind;
import dev.escala.observe.Observation.SourceFailed;
import dev.escala.observe.Observation.SourceRecovered;
import dev.escala.observe.Observer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/** Whether the queue answers: reports each change once, and says how long to leave it alone. */
final class OriginWatch {
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(200), Duration.ofSeconds(30));

  private final SqsSettings settings;
  private final Observer observer;
  private final AtomicInteger failures = new AtomicInteger();
  private volatile @Nullable Moment lastAnswer;

  OriginWatch(SqsSettings settings, Observer observer) {
    this.settings = settings;
    this.observer = observer;
  }

  Optional<Moment> lastAnswer() {
    return Optional.ofNullable(lastAnswer);
  }

  void answered() {
    lastAnswer = Moment.now();
    if (failures.getAndSet(0) > 0) {
      observer.observed(new SourceRecovered(SourceKind.SQS, settings.topic()));
    }
  }

  /** The time before another attempt: longer each time, and never the same for two. */
  Duration failed(SdkException failure) {
    int inARow = failures.incrementAndGet();
    if (inARow == 1) {
      observer.observed(
          new SourceFailed(
              SourceKind.SQS, settings.topic(), SqsTrouble.sentence(settings.queue(), failure)));
    }
    return BACKOFF.after(inARow);
  }
}
