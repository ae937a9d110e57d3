package dev.escala.ops;

import dev.escala.observe.Observation;
import dev.escala.observe.Observation.AcknowledgementFailed;
import dev.escala.observe.Observation.ArchiveCompleted;
import dev.escala.observe.Observation.ArchiveFailed;
import dev.escala.observe.Observation.BatchBisected;
import dev.escala.observe.Observation.BatchSettled;
import dev.escala.observe.Observation.CanarySign;
import dev.escala.observe.Observation.CatalogFailed;
import dev.escala.observe.Observation.CatalogLoaded;
import dev.escala.observe.Observation.ColumnAdded;
import dev.escala.observe.Observation.ColumnWidened;
import dev.escala.observe.Observation.ConnectionCut;
import dev.escala.observe.Observation.DistributionRefused;
import dev.escala.observe.Observation.ExportFailed;
import dev.escala.observe.Observation.IndexBuilt;
import dev.escala.observe.Observation.IndexRefused;
import dev.escala.observe.Observation.IntakePaused;
import dev.escala.observe.Observation.IntakeResumed;
import dev.escala.observe.Observation.KeysFailed;
import dev.escala.observe.Observation.LettersExpired;
import dev.escala.observe.Observation.MessagesReceived;
import dev.escala.observe.Observation.NotificationRefused;
import dev.escala.observe.Observation.PartArchived;
import dev.escala.observe.Observation.PartitionsMade;
import dev.escala.observe.Observation.PartitionsRefused;
import dev.escala.observe.Observation.QueryMisfitted;
import dev.escala.observe.Observation.QueueDoubted;
import dev.escala.observe.Observation.QueueRead;
import dev.escala.observe.Observation.RequestFailed;
import dev.escala.observe.Observation.RequestRefused;
import dev.escala.observe.Observation.RequestServed;
import dev.escala.observe.Observation.RollupBuilt;
import dev.escala.observe.Observation.RollupRefused;
import dev.escala.observe.Observation.RowsExpired;
import dev.escala.observe.Observation.RowsWithoutPartition;
import dev.escala.observe.Observation.ServerStarted;
import dev.escala.observe.Observation.ServerStopped;
import dev.escala.observe.Observation.ServerStopping;
import dev.escala.observe.Observation.ServerUnlocked;
import dev.escala.observe.Observation.SourceFailed;
import dev.escala.observe.Observation.SourceRecovered;
import dev.escala.observe.Observation.SubscriptionConfirmed;
import dev.escala.observe.Observation.SubscriptionEnded;
import dev.escala.observe.Observation.TableChangeDelayed;
import dev.escala.observe.Observation.TableChangeSettled;
import dev.escala.observe.Observation.TableCreated;
import dev.escala.observe.Observation.TailEnded;
import dev.escala.observe.Observation.TailOpened;
import dev.escala.observe.Observation.TaskFailed;
import dev.escala.observe.Observation.TopicClosed;
import dev.escala.observe.Observation.VisibilityExtended;
import dev.escala.observe.Observation.VitalSign;
import dev.escala.observe.Observer;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Counts observations, and writes the counts in the formats that Prometheus reads. */
public final class MetricsObserver implements Observer {
  /** With 0.2 and 0.5, the bounds of ok and warning; exactly 200 ms counts as ok. */
  private static final double[] REQUEST_SECONDS = {.005, .01, .025, .05, .1, .2, .3, .5, 1, 2.5, 5};

  private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "OPTIONS");

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Exposition exposition = new Exposition(registry);
  private final Meter meter;
  private final TopicLabel topics;
  private final IngestMetrics ingest;
  private final ArchiveMetrics archives;
  private final Histogram requests;
  private final Counter refusals;
  private final Counter connectionsCut;
  private final Counter responseBytes;
  private final Gauge eventStreams;
  private final VitalMetrics vitals;
  private final CanaryMetrics canary;
  private final Gauge relations;
  private final Counter catalogFailures;
  private final Counter sourceFailures;
  private final Counter taskFailures;
  private final Counter exportFailures;
  private final Counter tableChanges;

  /**
   * Registers every metric.
   *
   * @param build what runs; labels of {@code escala_build_info}
   * @param configuredTopics keep their names in labels
   */
  public MetricsObserver(SystemLabels labels, RunningBuild build, Set<String> configuredTopics) {
    meter = new Meter(registry, labels.asLabels());
    RuntimeMetrics.register(labels.asLabels(), registry);
    topics = new TopicLabel(configuredTopics);
    ingest = new IngestMetrics(meter, topics);
    archives = new ArchiveMetrics(meter, topics);
    vitals = new VitalMetrics(meter, topics);
    canary = new CanaryMetrics(meter, topics);
    requests =
        meter.tracedHistogram(
            "http_request_duration_seconds",
            "From the parsed request head to the end of the answer, waiting for the client"
                + " excepted.",
            REQUEST_SECONDS,
            "route",
            "method",
            "code");
    refusals =
        meter.counter(
            "http_requests_refused_total",
            "Requests refused for now because others use all that there is.",
            "route");
    connectionsCut =
        meter.counter(
            "http_connections_cut_total",
            "Connections not taken, or cut, because they took more than their share.",
            "reason");
    responseBytes = meter.counter("http_response_bytes_total", "Bytes of answers.", "route");
    eventStreams = meter.gauge("http_event_streams", "Clients that listen to a table.", "database");
    relations = meter.gauge("catalog_relations", "Relations that can be read.", "database");
    catalogFailures =
        meter.counter("catalog_load_failures_total", "Failed reads of the catalog.", "database");
    sourceFailures =
        meter.counter("ingest_source_failures_total", "Times that a source failed.", "source");
    taskFailures = meter.counter("task_failures_total", "Unexpected failures.");
    exportFailures =
        meter.counter("otlp_export_failures_total", "What a collector did not take.", "signal");
    tableChanges = meter.counter("table_changes_total", "Evolution of tables.", "change");
    meter
        .gauge("escala_build_info", "The running build.", "role", "version")
        .labelValues(build.role(), build.version())
        .set(1);
    meter.atEachScrape(
        "escala_clock_timestamp_seconds",
        "The time by the clock of this process.",
        () -> Instant.now().toEpochMilli() / 1e3);
  }

  @Override
  public void observed(Observation observation) {
    switch (observation) {
      case MessagesReceived e -> ingest.received(e);
      case BatchSettled e -> ingest.settled(e);
      case IntakePaused e -> ingest.paused(e);
      case IntakeResumed e -> ingest.resumed(e);
      case TableChangeDelayed e -> ingest.delayed(e);
      case TableChangeSettled e -> ingest.settled(e);
      case BatchBisected e -> ingest.bisected(e);
      case AcknowledgementFailed e -> ingest.failed(e);
      case VisibilityExtended e -> ingest.extended(e);
      case SourceFailed e -> sourceFailures.labelValues(e.source().label()).inc();
      case TopicClosed e -> {
        if (topics.release(e.topic())) {
          meter.forgetTopic(e.topic());
        }
      }
      case TableCreated e -> tableChanges.labelValues("created").inc();
      case ColumnAdded e -> tableChanges.labelValues("column_added").inc();
      case ColumnWidened e -> tableChanges.labelValues("column_widened").inc();
      case IndexBuilt e -> tableChanges.labelValues("index_built").inc();
      case IndexRefused e -> tableChanges.labelValues("index_refused").inc();
      case RowsExpired e -> ingest.expired(e);
      case PartArchived e -> archives.archived(e);
      case ArchiveCompleted e -> archives.completed(e);
      case ArchiveFailed e -> archives.failed(e);
      case PartitionsMade e -> tableChanges.labelValues("partition_made").inc(e.partitions());
      case PartitionsRefused e -> tableChanges.labelValues("partitions_refused").inc();
      case DistributionRefused e -> tableChanges.labelValues("distribution_refused").inc();
      case RowsWithoutPartition e -> ingest.withoutPartition(e);
      case LettersExpired e -> ingest.expired(e);
      case RollupBuilt e -> tableChanges.labelValues("rollup_built").inc();
      case RollupRefused e -> tableChanges.labelValues("rollup_refused").inc();
      case RequestServed e -> served(e);
      case RequestRefused e -> refusals.labelValues(e.route()).inc();
      case ConnectionCut e -> connectionsCut.labelValues(e.reason()).inc();
      case TailOpened e -> eventStreams.labelValues(e.database()).inc();
      case TailEnded e -> eventStreams.labelValues(e.database()).dec();
      case CatalogLoaded e -> relations.labelValues(e.database()).set(e.relations());
      case CatalogFailed e -> catalogFailures.labelValues(e.database()).inc();
      case VitalSign e -> vitals.observed(e);
      case CanarySign e -> canary.observed(e);
      case ExportFailed e -> exportFailures.labelValues(e.signal()).inc();
      case TaskFailed e -> taskFailures.inc();
      case RequestFailed e -> taskFailures.inc();
      case NotificationRefused e -> ingest.refused(e);
      case SourceRecovered e -> {}
      case QueueRead e -> {}
      case QueueDoubted e -> {}
      case SubscriptionConfirmed e -> {}
      case SubscriptionEnded e -> {}
      case QueryMisfitted e -> {}
      case KeysFailed e -> {}
      case ServerStarted e -> {}
      case ServerUnlocked e -> {}
      case ServerStopping e -> {}
      case ServerStopped e -> {}
    }
  }

  private void served(RequestServed e) {
    String method = METHODS.contains(e.method()) ? e.method() : "other";
    DistributionDataPoint series = requests.labelValues(e.route(), method, e.status() / 100 + "xx");
    double seconds = e.duration().toNanos() / 1e9;
    e.trace()
        .traceId()
        .ifPresentOrElse(
            id -> series.observeWithExemplar(seconds, Labels.of("trace_id", id)),
            () -> series.observe(seconds));
    responseBytes.labelValues(e.route()).inc((double) e.bytes());
  }

  /** What is counted at the moment, for who sends it elsewhere. */
  public MetricSnapshots snapshots() {
    return registry.scrape();
  }

  /** The metrics as text, in the format that the Accept header asks for. */
  public Scrape scrape(@Nullable String accept) {
    return exposition.scrape(accept);
  }

  /**
   * What runs.
   *
   * @param role what the process does of all that it could: {@code all}, {@code api}, {@code
   *     ingest}
   */
  public record RunningBuild(String role, String version) {}

  /** What {@code /metrics} answers. */
  @SuppressWarnings("ArrayRecordComponent") // handed on at once, never compared
  public record Scrape(String contentType, byte[] body) {}
}
