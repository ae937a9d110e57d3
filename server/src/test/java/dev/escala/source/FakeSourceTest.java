package dev.escala.source;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.escala.observe.Observation.SourceFailed;
import dev.escala.observe.Observation.SourceRecovered;
import dev.escala.testing.FakeSource;
import dev.escala.testing.RecordingObserver;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;

@Execution(CONCURRENT) // each test has all that it needs for itself, and mostly waits
class FakeSourceTest extends SourceContract {

  @Override
  protected Origin origin() {
    FakeSource.Backlog backlog = new FakeSource.Backlog();
    return new Origin() {
      @Override
      public Source open(Limits limits, RecordingObserver recorder) {
        return new FakeSource(
            "departures", backlog, 10, new Permits(limits.messages(), limits.bytes()), recorder);
      }

      @Override
      public void publish(String body) {
        backlog.publish("departures", body);
      }

      @Override
      public void close() {}
    };
  }

  @Test
  void anOriginThatGoesAndComesBackIsReportedOnce() throws InterruptedException {
    FakeSource.Backlog backlog = new FakeSource.Backlog();
    backlog.away(true);
    try (FakeSource source =
        new FakeSource("departures", backlog, 10, new Permits(10, 1000), observer)) {
      eventually("failed", () -> !observer.all(SourceFailed.class).isEmpty());
      backlog.publish("departures", "{}");
      backlog.away(false);
      assertThat(source.receive(Duration.ofSeconds(20))).isPresent();
    }
    assertThat(observer.all(SourceFailed.class)).hasSize(1);
    assertThat(observer.all(SourceRecovered.class)).hasSize(1);
  }
}
