package dev.escala.source.kafka;

import dev.escala.model.Backoff;
import dev.escala.model.Moment;
import dev.escala.model.SourceKind;
import dev.escala.observe.Observation.SourceFailed;
import dev.escala.observe.Observation.SourceRecovered;
import dev.escala.observe.Observer;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether the brokers answer: reports each change once, and says how long to leave them alone. */
final class OriginWatch {
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));

  /** Fetches are answered twice a second, heartbeats every three. */
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(10);

  private final KafkaSettings settings;
  private final Observer observer;
  private int failures;
  private double heardBytes = -1;
  private long heardNanos = System.nanoTime();
  private volatile @Nullable Moment lastAnswer;

  OriginWatch(KafkaSettings settings, Observer observer) {
    this.settings = settings;
    this.observer = observer;
  }

  Optional<Moment> lastAnswer() {
    return Optional.ofNullable(lastAnswer);
  }

  /**
   * Whether something came from the brokers since the last look; a silence that is too long is a
   * failure.
   *
   * @param bytes all that ever came
   */
  boolean hears(double bytes) {
    long now = System.nanoTime();
    boolean heard = bytes != heardBytes;
    heardBytes = bytes;
    if (heard) {
      heardNanos = now;
    } else if (now - heardNanos > LONGEST_SILENCE.toNanos()) {
      var _ = failed(KafkaTrouble.silent(settings));
    }
    return heard;
  }

  /** The brokers answered; while taking was held that proves nothing of taking. */
  void answered(boolean takes) {
    if (takes) {
      lastAnswer = Moment.now();
    }
    if (failures > 0) {
      failures = 0;
      observer.observed(new SourceRecovered(SourceKind.KAFKA, settings.topic()));
    }
  }

  /** The time before another attempt: longer each time, and never the same for two. */
  Duration failed(String sentence) {
    failures++;
    if (failures == 1) {
      observer.observed(new SourceFailed(SourceKind.KAFKA, settings.topic(), sentence));
    }
    return BACKOFF.after(failures);
  }
}
