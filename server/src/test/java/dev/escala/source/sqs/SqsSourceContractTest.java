package dev.escala.source.sqs;

import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.escala.source.Source;
import dev.escala.source.SourceContract;
import dev.escala.testing.RecordingObserver;
import dev.escala.testing.SqsServer;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;

@Tag("integration")
@Execution(CONCURRENT) // each test has all that it needs for itself, and mostly waits
class SqsSourceContractTest extends SourceContract {

  @Override
  protected Origin origin() {
    SqsServer.Queue queue = SqsServer.shared().newQueue(5);
    return new Origin() {
      @Override
      public Source open(Limits limits, RecordingObserver recorder) {
        return SqsSource.open(
            new SqsSettings(
                queue.url(),
                "departures",
                SqsFormat.AUTO,
                null,
                SqsServer.shared().endpoint(),
                new SqsSettings.Polling(1, 4, Duration.ofSeconds(1)),
                new SqsSettings.Limits(limits.messages(), limits.bytes()),
                S3Settings.NONE),
            Duration.ZERO,
            recorder);
      }

      @Override
      public void publish(String body) {
        queue.send(body);
      }

      @Override
      public void close() {}
    };
  }
}
