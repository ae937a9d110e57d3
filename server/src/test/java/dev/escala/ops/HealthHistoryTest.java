package dev.escala.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.http.JsonText;
import dev.escala.observe.HealthProbe;
import dev.escala.observe.HealthProbe.Report;
import dev.escala.observe.HealthProbe.Status;
import dev.escala.observe.Observation.CanaryLost;
import dev.escala.observe.Observation.CanaryPublished;
import dev.escala.observe.Observation.RequestServed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HealthHistoryTest {
  private Instant now = Instant.parse("2026-01-31T12:00:00Z");
  private final Clock clock = InstantSource.system().withZone(ZoneOffset.UTC);
  private final HealthHistory history = new HealthHistory("standard", new Settable());

  private final class Settable extends Clock {
    @Override
    public java.time.ZoneId getZone() {
      return clock.getZone();
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  private record Probe(String name, Status status, long millis) implements HealthProbe {
    @Override
    public CompletionStage<Report> check() {
      return CompletableFuture.completedFuture(new Report(status, Map.of("latency_ms", millis)));
    }
  }

  private void look(Status status, long millis) {
    history.look(() -> List.of(new Probe("database a", status, millis)));
  }

  private JsonNode members() {
    return JsonMapper.shared().readTree(JsonText.of(history.members()));
  }

  @Test
  void aMinuteHasItsWorst() {
    look(Status.OK, 3);
    look(Status.CRITICAL, 700);
    look(Status.OK, 5);
    now = now.plus(Duration.ofMinutes(2));
    look(Status.OK, 7);
    JsonNode check = members().path("checks").path("database a");
    JsonNode statuses = check.path("status_by_minute");
    assertThat(statuses).hasSize(60);
    assertThat(statuses.path(57).asString()).isEqualTo("critical");
    assertThat(statuses.path(58).isNull()).as("nobody looked").isTrue();
    assertThat(statuses.path(59).asString()).isEqualTo("ok");
    assertThat(check.path("slowest_ms_by_minute").path(57).asInt()).isEqualTo(700);
  }

  @Test
  void whatIsGoneForAnHourIsForgotten() {
    look(Status.OK, 3);
    now = now.plus(Duration.ofHours(2));
    history.look(() -> List.of(new Probe("another", Status.OK, 1)));
    assertThat(members().path("checks").propertyNames()).containsExactly("another");
  }

  private void served(String route, int status, long millis) {
    history.observed(new RequestServed(route, "GET", status, Duration.ofMillis(millis), 1));
  }

  private JsonNode promise(String name) {
    for (JsonNode promise : members().path("promises")) {
      if (promise.path("name").asString().equals(name)) {
        return promise;
      }
    }
    throw new AssertionError(name);
  }

  @Test
  void promisesAreCountedByEvents() {
    for (int i = 0; i < 998; i++) {
      served("/{database}/{relation}", 200, 200);
    }
    served("/{database}/{relation}", 500, 201);
    served("/{database}/{relation}", 404, 501);
    served("/health", 503, 900);
    assertThat(promise("api-availability").path("events").asInt()).isEqualTo(1000);
    assertThat(promise("api-availability").path("bad").asInt()).isEqualTo(1);
    assertThat(promise("api-availability").path("burn_rate").asDouble()).isBetween(0.99, 1.01);
    assertThat(promise("api-latency-200ms").path("bad").asInt()).isEqualTo(2);
    assertThat(promise("api-latency-500ms").path("bad").asInt()).isEqualTo(1);
    assertThat(promise("freshness").has("burn_rate")).as("nothing was promised of it").isFalse();

    history.observed(new CanaryPublished("t", Duration.ZERO));
    history.observed(new CanaryLost("t", 1, Duration.ZERO));
    assertThat(promise("completeness").path("bad").asInt()).isEqualTo(1);
  }
}
