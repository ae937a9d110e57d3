package dev.escala.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.observe.Observation.ApiProbed;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProberMetricsTest {
  private static final SystemLabels SYSTEM =
      new SystemLabels("departures", "prod", "critical", "eu-west-1");

  private final AtomicLong nanos = new AtomicLong();
  private final ProberMetrics metrics = new ProberMetrics(Duration.ofSeconds(35), nanos::get);

  private String text() {
    return new String(metrics.scrape(null).body(), StandardCharsets.UTF_8);
  }

  /** A prober that hangs must not look like one whose questions are answered. */
  @Test
  void whatWasAskedTooLongAgoIsAbsent() {
    metrics.of(SYSTEM).observed(new ApiProbed(true, Duration.ofMillis(50)));
    nanos.set(Duration.ofSeconds(35).toNanos());
    assertThat(text()).contains("prober_success{").contains("prober_duration_seconds{");
    nanos.set(Duration.ofSeconds(36).toNanos());
    assertThat(text())
        .doesNotContain("prober_success{")
        .doesNotContain("prober_duration_seconds{")
        .contains("prober_checks_total{");
  }

  @Test
  void bothResultsAreCountedFromTheStart() {
    var _ = metrics.of(SYSTEM);
    assertThat(text())
        .containsPattern("prober_checks_total\\{[^}]*result=\"ok\"[^}]*} 0")
        .containsPattern("prober_checks_total\\{[^}]*result=\"failed\"[^}]*} 0");
  }
}
