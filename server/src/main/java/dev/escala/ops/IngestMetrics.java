package dev.escala.ops;

import dev.escala.model.ReturnReason;
import dev.escala.observe.Observation.AcknowledgementFailed;
import dev.escala.observe.Observation.BatchBisected;
import dev.escala.observe.Observation.BatchSettled;
import dev.escala.observe.Observation.IntakePaused;
import dev.escala.observe.Observation.IntakeResumed;
import dev.escala.observe.Observation.LettersExpired;
import dev.escala.observe.Observation.MessagesReceived;
import dev.escala.observe.Observation.NotificationRefused;
import dev.escala.observe.Observation.RowsExpired;
import dev.escala.observe.Observation.RowsWithoutPartition;
import dev.escala.observe.Observation.TableChangeDelayed;
import dev.escala.observe.Observation.TableChangeSettled;
import dev.escala.observe.Observation.VisibilityExtended;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import java.time.Duration;
import java.time.Instant;

/**
 * What the write side counts. The invariant {@code received = stored + duplicate + rejected +
 * returned + in flight} holds over {@code ingest_messages_received_total}, {@code
 * ingest_rows_total} and {@code ingest_inflight}.
 */
final class IngestMetrics {
  private static final double NANOS = 1e9;

  private final TopicLabel topics;
  private final Counter received;
  private final Counter rows;
  private final Counter deadLetters;
  private final Gauge inFlight;
  private final Gauge paused;
  private final Gauge tableLocked;
  private final Gauge lastCommitted;
  private final Histogram batchRows;
  private final Histogram batchBytes;
  private final Histogram flush;
  private final Histogram freshness;
  private final Counter transientErrors;
  private final Counter bisected;
  private final Counter expired;
  private final Gauge withoutPartition;
  private final Counter expiredLetters;
  private final Counter acknowledgementFailures;
  private final Counter visibilityExtensions;
  private final Counter pushesRefused;

  IngestMetrics(Meter meter, TopicLabel topics) {
    this.topics = topics;
    received =
        meter.counter(
            "ingest_messages_received_total", "Messages taken from a source.", "source", "topic");
    rows =
        meter.counter(
            "ingest_rows_total",
            "Messages by what became of them: stored, duplicate, rejected, returned.",
            "topic",
            "result");
    deadLetters =
        meter.counter(
            "ingest_dead_letters_total", "Rejected messages by reason.", "topic", "reason");
    inFlight =
        meter.gauge("ingest_inflight", "Messages received and not yet settled.", "source", "topic");
    paused =
        meter.gauge(
            "ingest_paused", "1 while intake is stopped for this reason.", "topic", "reason");
    tableLocked =
        meter.gauge(
            "ingest_table_change_waiting",
            "1 while others keep the table that has to change for some messages.",
            "topic");
    lastCommitted =
        meter.gauge(
            "ingest_last_committed_timestamp_seconds", "When rows were last committed.", "topic");
    batchRows =
        meter.histogram(
            "ingest_batch_rows", "Messages a batch.", new double[] {1, 10, 100, 1000, 5000});
    batchBytes =
        meter.histogram(
            "ingest_batch_bytes", "Bytes a batch.", new double[] {1e3, 1e4, 1e5, 1e6, 1e7});
    flush =
        meter.histogram(
            "ingest_flush_seconds",
            "Time of a batch by phase.",
            new double[] {.001, .005, .02, .05, .1, .2, .5, 1, 5},
            "phase");
    freshness =
        meter.histogram(
            "ingest_freshness_seconds",
            "From publishing to the committed row.",
            new double[] {.05, .15, .5, 1, 5, 30, 300},
            "topic");
    transientErrors =
        meter.counter(
            "ingest_db_transient_errors_total",
            "Times that the database could not store, by class of SQLSTATE.",
            "sqlstate_class");
    bisected =
        meter.counter(
            "ingest_bisect_statements_total", "Extra statements to isolate bad rows.", "topic");
    expired =
        meter.counter(
            "ingest_rows_expired_total",
            "Rows that were deleted because they were older than their topic retains them.",
            "topic");
    withoutPartition =
        meter.gauge(
            "ingest_rows_without_partition",
            "Rows in the default partition of a topic's table, counted up to 100,000.",
            "topic");
    expiredLetters =
        meter.counter(
            "ingest_dead_letters_expired_total",
            "Dead letters that were deleted because they were older than they are kept: open,"
                + " settled.",
            "database",
            "result");
    acknowledgementFailures =
        meter.counter(
            "ingest_ack_failures_total", "Acknowledgements that failed.", "source", "code");
    visibilityExtensions =
        meter.counter(
            "ingest_visibility_extensions_total",
            "Messages whose visibility was extended.",
            "topic");
    pushesRefused =
        meter.counter(
            "ingest_pushes_refused_total",
            "Notifications of SNS that were not taken.",
            "topic",
            "reason");
  }

  void received(MessagesReceived e) {
    String topic = topics.of(e.topic());
    received.labelValues(e.source().label(), topic).inc(e.messages());
    inFlight.labelValues(e.source().label(), topic).inc(e.messages());
  }

  void settled(BatchSettled e) {
    String topic = topics.of(e.topic());
    int rejected = e.rejected().values().stream().mapToInt(Integer::intValue).sum();
    int returned = e.returned().values().stream().mapToInt(Integer::intValue).sum();
    int messages = e.stored() + e.duplicates() + rejected + returned;
    rows.labelValues(topic, "stored").inc(e.stored());
    rows.labelValues(topic, "duplicate").inc(e.duplicates());
    rows.labelValues(topic, "rejected").inc(rejected);
    rows.labelValues(topic, "returned").inc(returned);
    e.rejected().forEach((reason, n) -> deadLetters.labelValues(topic, reason.code()).inc(n));
    inFlight.labelValues(e.source().label(), topic).dec(messages);
    batchRows.observe(messages);
    batchBytes.observe((double) e.bytes());
    phase("decode", e.phases().decode());
    phase("write", e.phases().write());
    phase("settle", e.phases().settle());
    if (e.stored() > 0) {
      lastCommitted.labelValues(topic).set(e.committedAt().toEpochMilli() / 1e3);
    }
    var freshnessOfTopic = freshness.labelValues(topic);
    for (Instant published : e.publishedAt()) {
      long nanos = Duration.between(published, e.committedAt()).toNanos();
      freshnessOfTopic.observe(Math.max(0, nanos) / NANOS);
    }
  }

  private void phase(String name, Duration took) {
    flush.labelValues(name).observe(took.toNanos() / NANOS);
  }

  void paused(IntakePaused e) {
    paused.labelValues(topics.of(e.topic()), e.reason().label()).set(1);
    transientErrors.labelValues(e.sqlStateClass()).inc();
  }

  void resumed(IntakeResumed e) {
    for (var reason : ReturnReason.values()) {
      paused.labelValues(topics.of(e.topic()), reason.label()).set(0);
    }
  }

  void delayed(TableChangeDelayed e) {
    tableLocked.labelValues(topics.of(e.topic())).set(1);
  }

  void settled(TableChangeSettled e) {
    tableLocked.labelValues(topics.of(e.topic())).set(0);
  }

  void bisected(BatchBisected e) {
    bisected.labelValues(topics.of(e.topic())).inc(e.statements());
  }

  void expired(RowsExpired e) {
    expired.labelValues(topics.of(e.topic())).inc(e.rows());
  }

  void withoutPartition(RowsWithoutPartition e) {
    withoutPartition.labelValues(topics.of(e.topic())).set((double) e.rows());
  }

  void expired(LettersExpired e) {
    expiredLetters.labelValues(e.database(), "open").inc(e.open());
    expiredLetters.labelValues(e.database(), "settled").inc(e.settled());
  }

  void failed(AcknowledgementFailed e) {
    acknowledgementFailures.labelValues(e.source().label(), e.code()).inc(e.messages());
  }

  void extended(VisibilityExtended e) {
    visibilityExtensions.labelValues(topics.of(e.topic())).inc(e.messages());
  }

  void refused(NotificationRefused e) {
    pushesRefused.labelValues(topics.of(e.topic()), e.reason()).inc();
  }
}
