package dev.escala.canary;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.Moment;
import dev.escala.observe.HealthProbe.Report;
import dev.escala.observe.HealthProbe.Status;
import dev.escala.observe.Observation.CanaryLost;
import dev.escala.observe.Observation.CanaryMismatched;
import dev.escala.observe.Observation.CanaryPublishFailed;
import dev.escala.observe.Observation.CanaryPublished;
import dev.escala.observe.Observation.CanaryServed;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CanaryHealthTest {
  private static final Duration TOOK = Duration.ofMillis(80);

  private Moment now = Moment.now();
  private final CanaryHealth health =
      new CanaryHealth("t", settings(Duration.ofSeconds(10), Duration.ofSeconds(60)), () -> now);

  private static CanarySettings settings(Duration every, Duration patience) {
    return new CanarySettings(true, every, patience, Duration.ofHours(1), null);
  }

  private static Report report(CanaryHealth of) {
    return of.check().toCompletableFuture().join();
  }

  private void served(int secondsAgo) {
    health.observed(new CanaryServed("t", TOOK, TOOK, Instant.now()));
    now = now.minus(Duration.ofSeconds(-secondsAgo));
  }

  @Test
  void isUnknownBeforeTheFirstSuccess() {
    assertThat(report(health).status()).isEqualTo(Status.UNKNOWN);
    health.observed(new CanaryPublished("t", TOOK));
    assertThat(report(health).status()).isEqualTo(Status.UNKNOWN);
    served(0);
    assertThat(report(health).status()).isEqualTo(Status.OK);
    assertThat(report(health).details())
        .containsEntry("published", 1L)
        .containsEntry("last_total_ms", 80L);
  }

  @Test
  void isUnknownNoLongerThanASuccessMayTake() {
    Duration soon = Duration.ofMillis(10);
    CanaryHealth silent = new CanaryHealth("t", settings(soon, soon));
    eventually("it is critical", () -> report(silent).status() == Status.CRITICAL);
  }

  @Test
  void isAsGoodAsItsLastSuccessIsFresh() {
    served(29);
    assertThat(report(health).status()).isEqualTo(Status.OK);
    served(31);
    assertThat(report(health).status()).isEqualTo(Status.WARN);
    served(71);
    assertThat(report(health).status()).isEqualTo(Status.CRITICAL);
  }

  @Test
  void warnsWhileMarkersAreRefused() {
    served(0);
    health.observed(new CanaryPublishFailed("t", "no right", 1));
    assertThat(report(health).status()).isEqualTo(Status.WARN);
    assertThat(report(health).details()).containsKey("error").doesNotContainValue("no right");
    health.observed(new CanaryPublished("t", TOOK));
    assertThat(report(health).status()).isEqualTo(Status.OK);
  }

  @Test
  void aLossIsCritical() {
    served(0);
    health.observed(new CanaryLost("t", 1, TOOK));
    assertThat(report(health).status()).isEqualTo(Status.CRITICAL);
    assertThat(report(health).details()).containsEntry("lost", 1L);
  }

  @Test
  void soIsAMismatch() {
    served(0);
    health.observed(new CanaryMismatched("t", 1, "another hash"));
    assertThat(report(health).status()).isEqualTo(Status.CRITICAL);
  }
}
