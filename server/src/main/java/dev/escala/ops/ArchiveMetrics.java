package dev.escala.ops;

import dev.escala.observe.Observation.ArchiveCompleted;
import dev.escala.observe.Observation.ArchiveFailed;
import dev.escala.observe.Observation.PartArchived;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;

/** What of the rows of topics went to their archives. */
final class ArchiveMetrics {
  private static final double MILLIS = 1000;

  private final TopicLabel topics;
  private final Counter rows;
  private final Counter bytes;
  private final Counter failures;
  private final Gauge lastSuccess;

  ArchiveMetrics(Meter meter, TopicLabel topics) {
    this.topics = topics;
    rows =
        meter.counter(
            "archive_rows_total",
            "Rows that were read back from the archive and compared, before they are dropped.",
            "topic");
    bytes = meter.counter("archive_bytes_total", "Bytes of files of the archive.", "topic");
    failures =
        meter.counter(
            "archive_failures_total",
            "Rounds in which a partition could not be archived; it stays.",
            "topic");
    lastSuccess =
        meter.gauge(
            "archive_last_success_timestamp_seconds",
            "When all that was due for the archive was in it.",
            "topic");
  }

  void archived(PartArchived e) {
    rows.labelValues(topics.of(e.topic())).inc(e.rows());
    bytes.labelValues(topics.of(e.topic())).inc(e.bytes());
  }

  void completed(ArchiveCompleted e) {
    lastSuccess.labelValues(topics.of(e.topic())).set(e.at().toEpochMilli() / MILLIS);
  }

  void failed(ArchiveFailed e) {
    failures.labelValues(topics.of(e.topic())).inc();
  }
}
