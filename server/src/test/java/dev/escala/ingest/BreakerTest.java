package dev.escala.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.ReturnReason;
import dev.escala.store.Shortage;
import dev.escala.store.StoreException;
import dev.escala.testing.FakeSource;
import dev.escala.testing.RecordingObserver;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class BreakerTest {
  private final StoreException away =
      new StoreException(ReturnReason.DATABASE_UNAVAILABLE, "08", "away");
  private final StoreException full =
      new StoreException(ReturnReason.DATABASE_UNAVAILABLE, "53", "full", Shortage.DISK);

  private Breaker breaker(Duration longest) {
    FakeSource source = new FakeSource("flights", new FakeSource.Backlog());
    return new Breaker(source, longest, new RecordingObserver());
  }

  @Test
  void pausesAreShortWhileTheDiskIsFull() {
    Breaker breaker = breaker(Duration.ofSeconds(30));
    breaker.failed(full);
    assertThat(breaker.backoff().longest()).isEqualTo(Duration.ofSeconds(2));

    Breaker other = breaker(Duration.ofSeconds(30));
    other.failed(away);
    assertThat(other.backoff().longest()).isEqualTo(Duration.ofSeconds(30));
    Breaker shorter = breaker(Duration.ofSeconds(1));
    shorter.failed(full);
    assertThat(shorter.backoff().longest()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void aDatabaseThatComesBackFullIsShortFromThenOn() throws InterruptedException {
    Breaker breaker = breaker(Duration.ofMillis(1));
    breaker.failed(away);
    Deque<StoreException> probes = new ArrayDeque<>(List.of(full));
    breaker.awaitOpen(
        () -> {
          if (!probes.isEmpty()) {
            throw probes.removeFirst();
          }
          assertThat(breaker.state().current())
              .hasValueSatisfying(outage -> assertThat(outage.shortage()).isEqualTo(Shortage.DISK));
        });
    assertThat(breaker.state().current()).isEmpty();
  }

  @Test
  void whatAProbeCannotSeeIsOneOutage() throws InterruptedException {
    Breaker breaker = breaker(Duration.ofMillis(1));
    breaker.failed(full);
    var since = breaker.state().current().orElseThrow().since();
    breaker.awaitOpen(() -> {});
    breaker.failed(full);
    assertThat(breaker.state().current().orElseThrow().since()).isEqualTo(since);

    breaker.awaitOpen(() -> {});
    breaker.succeeded();
    breaker.failed(full);
    assertThat(breaker.state().current().orElseThrow().since()).isGreaterThan(since);
  }
}
