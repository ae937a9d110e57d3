package dev.escala.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.fleet.Incident.Kind;
import dev.escala.fleet.Incident.Scope;
import dev.escala.observe.Observation.ApiProbed;
import dev.escala.ops.SystemLabels;
import dev.escala.testing.MetricNames;
import dev.escala.testing.Metrics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A simulated system looks like the product, and is the same each time. */
@Execution(ExecutionMode.SAME_THREAD)
class SimulatedSystemTest {
  private static final Instant START = Instant.parse("2026-11-24T12:00:00Z");
  private static final Instant LATER = START.plusSeconds(60);
  private static final FleetSystem SYSTEM =
      new FleetSystem(
          new SystemLabels("departures", "prod", "critical", "eu"),
          "operations",
          "1.4.0",
          new Profile(20, 30, Duration.ofMillis(12)));

  private static SimulatedSystem with(Kind... kinds) {
    List<Incident> incidents =
        Set.of(kinds).stream()
            .map(kind -> new Incident(kind, Scope.SYSTEM, "departures", Duration.ofSeconds(30)))
            .toList();
    return new SimulatedSystem(SYSTEM, incidents, START, Pace.of(20));
  }

  private static String scraped(SimulatedSystem system, Instant at) {
    return system
        .scrape(at, "")
        .map(scrape -> new String(scrape.body(), StandardCharsets.UTF_8))
        .orElse("");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NEVER_STARTED")
  void hasNoSeriesThatTheProductHasNot(Kind kind) {
    Set<String> product = MetricNames.listed();
    Set<String> simulated = MetricNames.of(scraped(with(kind), START.plusSeconds(29)));
    assertThat(simulated).hasSizeGreaterThan(80);
    assertThat(product).containsAll(simulated);
    assertThat(product).containsAll(MetricNames.of(scraped(with(kind), LATER)));
  }

  @Test
  void livesTheSameLifeHoweverOftenItIsLookedAt() {
    SimulatedSystem often = with();
    for (int second = 1; second < 60; second++) {
      scraped(often, START.plusSeconds(second));
    }
    assertThat(own(scraped(often, LATER))).isEqualTo(own(scraped(with(), LATER)));
  }

  /** What the runtime of this process tells is no part of the simulation. */
  private static List<String> own(String text) {
    return MetricNames.samples(text)
        .filter(line -> !line.matches("(jvm|process|escala_clock)_.*"))
        .toList();
  }

  @Test
  void isBusyAsItsProfileSaysAndWell() {
    Metrics metrics = new Metrics(scraped(with(), LATER));
    assertThat(metrics.value("http_request_duration_seconds_count")).isBetween(1000.0, 1400.0);
    assertThat(metrics.value("http_request_duration_seconds_count", "5xx")).isZero();
    assertThat(metrics.value("http_request_duration_seconds_bucket", "le=\"0.2\""))
        .isEqualTo(metrics.value("http_request_duration_seconds_count"));
    assertThat(metrics.value("ingest_rows_total", "stored")).isBetween(1500.0, 2100.0);
    assertThat(metrics.value("ingest_rows_total"))
        .isEqualTo(metrics.value("ingest_messages_received_total"));
    assertThat(metrics.value("canary_served_total")).isEqualTo(60);
  }

  @Test
  void suffersAsItIsStruck() {
    assertThat(new Metrics(scraped(with(Kind.API_DOWN), LATER)).value("probe_success")).isZero();
    assertThat(new Metrics(scraped(with(Kind.DATABASE_DOWN), LATER)).value("db_up")).isZero();
    assertThat(
            new Metrics(scraped(with(Kind.DATABASE_SLOW), LATER)).value("db_ping_duration_seconds"))
        .isGreaterThan(0.7);
    assertThat(new Metrics(scraped(with(Kind.MESSAGES_LOST), LATER)).value("canary_lost_total"))
        .as("every second one, from the 30th second to the 60th")
        .isEqualTo(16);
    assertThat(
            new Metrics(scraped(with(Kind.TOPIC_STUCK), LATER))
                .value("ingest_oldest_inflight_seconds"))
        .isGreaterThan(29);
    assertThat(scraped(with(Kind.SILENT), LATER)).isEmpty();
    assertThat(scraped(with(Kind.GONE), LATER)).isEmpty();
    assertThat(scraped(with(Kind.NEVER_STARTED), START.plusSeconds(1))).isEmpty();
  }

  /** What users meet is not what can be scraped. */
  @Test
  void isAskedFromOutside() {
    assertThat(answered()).contains(true);
    assertThat(answered(Kind.SILENT)).contains(true);
    assertThat(answered(Kind.GONE)).contains(false);
    assertThat(answered(Kind.NEVER_STARTED)).contains(false);
    assertThat(answered(Kind.DATABASE_DOWN)).contains(false);
    assertThat(answered(Kind.PROBER_GONE)).isEmpty();
  }

  private static Optional<Boolean> answered(Kind... kinds) {
    return with(kinds).askedFromOutside(LATER).map(ApiProbed::answered);
  }
}
