package dev.escala.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.Moment;
import dev.escala.model.ReturnReason;
import dev.escala.observe.HealthProbe.Status;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IngestHealthTest {
  @ParameterizedTest
  @CsvSource({
    "DATABASE_UNAVAILABLE, 1, WARN",
    "DATABASE_UNAVAILABLE, 61, CRITICAL",
    "TABLE_MISCONFIGURED, 1, WARN",
    "TABLE_MISCONFIGURED, 86400, WARN"
  })
  void oneTopicThatDoesNotFitItsTableIsAWarningForHoweverLong(
      ReturnReason reason, long seconds, Status status) {
    Moment since = Moment.now().minus(Duration.ofSeconds(seconds));
    assertThat(IngestHealth.status(new Breaker.Outage(since, reason, null))).isEqualTo(status);
  }
}
