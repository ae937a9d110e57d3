package dev.escala.ops;

import dev.escala.observe.Observation.CanaryDuplicated;
import dev.escala.observe.Observation.CanaryLate;
import dev.escala.observe.Observation.CanaryLost;
import dev.escala.observe.Observation.CanaryMismatched;
import dev.escala.observe.Observation.CanaryPublishFailed;
import dev.escala.observe.Observation.CanaryPublished;
import dev.escala.observe.Observation.CanaryServed;
import dev.escala.observe.Observation.CanarySign;
import dev.escala.observe.Observation.CanaryStarted;
import dev.escala.observe.Observation.CanaryStored;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import java.time.Duration;
import java.util.List;

/** What became of the canary's markers. */
final class CanaryMetrics {
  private final TopicLabel topics;
  private final Counter published;
  private final Counter publishFailures;
  private final Counter stored;
  private final Counter served;
  private final Counter lost;
  private final Counter duplicates;
  private final Counter mismatches;
  private final Histogram stages;
  private final Gauge lastSuccess;

  CanaryMetrics(Meter meter, TopicLabel topics) {
    this.topics = topics;
    published = counter(meter, "canary_published_total", "Markers that the origin took.");
    publishFailures =
        counter(meter, "canary_publish_failures_total", "Markers that the origin did not take.");
    stored = counter(meter, "canary_stored_total", "Markers found in the database.");
    served = counter(meter, "canary_served_total", "Markers that the API gave unchanged.");
    lost =
        counter(
            meter, "canary_lost_total", "Markers not found in time, though nothing held them up.");
    duplicates = counter(meter, "canary_duplicate_total", "Further deliveries of markers.");
    mismatches =
        counter(
            meter,
            "canary_mismatch_total",
            "Markers that the API and the database do not give alike, or not as published.");
    stages =
        meter.histogram(
            "canary_stage_seconds",
            "Time of a marker by stage: publish, store, serve, total.",
            new double[] {.05, .15, .5, 1, 5, 30},
            "topic",
            "stage");
    lastSuccess =
        meter.gauge(
            "canary_last_success_timestamp_seconds",
            "When a marker last made the whole way.",
            "topic");
  }

  private static Counter counter(Meter meter, String name, String help) {
    return meter.counter(name, help, "topic");
  }

  void observed(CanarySign sign) {
    String topic = topics.of(sign.topic());
    switch (sign) {
      case CanaryStarted _ -> start(topic);
      case CanaryPublished e -> {
        published.labelValues(topic).inc();
        stage(topic, "publish", e.took());
      }
      case CanaryPublishFailed _ -> publishFailures.labelValues(topic).inc();
      case CanaryStored e -> {
        stored.labelValues(topic).inc();
        stage(topic, "store", e.sincePublished());
      }
      case CanaryServed e -> {
        served.labelValues(topic).inc();
        stage(topic, "serve", e.sinceStored());
        stage(topic, "total", e.total());
        lastSuccess.labelValues(topic).set(e.at().toEpochMilli() / 1e3);
      }
      case CanaryLost _ -> lost.labelValues(topic).inc();
      case CanaryLate _ -> stored.labelValues(topic).inc();
      case CanaryDuplicated e -> duplicates.labelValues(topic).inc(e.times());
      case CanaryMismatched _ -> mismatches.labelValues(topic).inc();
    }
  }

  /** From zero, so that the first one is an increase. */
  private void start(String topic) {
    for (Counter counter :
        List.of(published, publishFailures, stored, served, lost, duplicates, mismatches)) {
      counter.labelValues(topic);
    }
  }

  private void stage(String topic, String stage, Duration took) {
    stages.labelValues(topic, stage).observe(took.toNanos() / 1e9);
  }
}
