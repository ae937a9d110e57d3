package dev.escala.otlp;

import static io.opentelemetry.sdk.metrics.data.AggregationTemporality.CUMULATIVE;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.Data;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.GaugeData;
import io.opentelemetry.sdk.metrics.data.HistogramData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.metrics.data.SumData;
import io.opentelemetry.sdk.metrics.export.MetricProducer;
import io.opentelemetry.sdk.resources.Resource;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DistributionDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * The metrics of the product as OTLP has them: the same names, without {@code _total}, the same
 * labels and bounds, cumulative since the start. A summary without quantiles, as the JVM's
 * collections are, is a histogram without bounds.
 */
final class CountedMetrics implements MetricProducer {
  private static final InstrumentationScopeInfo SCOPE = InstrumentationScopeInfo.create("escala");

  private final Supplier<MetricSnapshots> metrics;
  private final long startedNanos = epochNanos();

  CountedMetrics(Supplier<MetricSnapshots> metrics) {
    this.metrics = metrics;
  }

  private static long epochNanos() {
    return TimeUnit.MILLISECONDS.toNanos(Instant.now().toEpochMilli());
  }

  /** One metric with its points. */
  private record Counted(
      Resource resource, MetricSnapshot snapshot, MetricDataType type, Data<?> data)
      implements MetricData {
    @Override
    public Resource getResource() {
      return resource;
    }

    @Override
    public InstrumentationScopeInfo getInstrumentationScopeInfo() {
      return SCOPE;
    }

    @Override
    public String getName() {
      String name = snapshot.getMetadata().getPrometheusName();
      return snapshot instanceof InfoSnapshot ? name + "_info" : name;
    }

    @Override
    public String getDescription() {
      return Optional.ofNullable(snapshot.getMetadata().getHelp()).orElse("");
    }

    @Override
    public String getUnit() {
      return "";
    }

    @Override
    public MetricDataType getType() {
      return type;
    }

    @Override
    public Data<?> getData() {
      return data;
    }
  }

  @Override
  public Collection<MetricData> produce(Resource resource) {
    long now = epochNanos();
    List<MetricData> produced = new ArrayList<>();
    for (MetricSnapshot snapshot : metrics.get()) {
      if (!snapshot.getDataPoints().isEmpty()) {
        data(snapshot, now)
            .ifPresent(data -> produced.add(new Counted(resource, snapshot, type(data), data)));
      }
    }
    return produced;
  }

  private static MetricDataType type(Data<?> data) {
    return switch (data) {
      case SumData<?> sum -> MetricDataType.DOUBLE_SUM;
      case HistogramData histogram -> MetricDataType.HISTOGRAM;
      default -> MetricDataType.DOUBLE_GAUGE;
    };
  }

  /** Empty for kinds that the product has none of. */
  private Optional<Data<?>> data(MetricSnapshot snapshot, long now) {
    return switch (snapshot) {
      case CounterSnapshot counter ->
          Optional.of(
              SumData.createDoubleSumData(
                  true, CUMULATIVE, points(counter.getDataPoints(), now, c -> c.getValue())));
      case GaugeSnapshot gauge ->
          Optional.of(
              GaugeData.createDoubleGaugeData(
                  points(gauge.getDataPoints(), now, g -> g.getValue())));
      case InfoSnapshot info ->
          Optional.of(GaugeData.createDoubleGaugeData(points(info.getDataPoints(), now, i -> 1)));
      case HistogramSnapshot histogram ->
          Optional.of(
              HistogramData.create(
                  CUMULATIVE,
                  histogram.getDataPoints().stream().map(point -> bounded(point, now)).toList()));
      case SummarySnapshot summary ->
          Optional.of(
              HistogramData.create(
                  CUMULATIVE,
                  summary.getDataPoints().stream()
                      .map(point -> point(point, now, List.of(), List.of(point.getCount())))
                      .toList()));
      default -> Optional.empty();
    };
  }

  private <P extends DataPointSnapshot> List<DoublePointData> points(
      Collection<P> points, long now, ToDoubleFunction<P> value) {
    return points.stream()
        .map(
            point ->
                DoublePointData.create(
                    startedNanos, now, attributes(point), value.applyAsDouble(point), List.of()))
        .toList();
  }

  private HistogramPointData bounded(HistogramDataPointSnapshot point, long now) {
    ClassicHistogramBuckets buckets = point.getClassicBuckets();
    List<Double> bounds = new ArrayList<>();
    List<Long> counts = new ArrayList<>();
    for (int i = 0; i < buckets.size(); i++) {
      counts.add(buckets.getCount(i));
      if (Double.isFinite(buckets.getUpperBound(i))) {
        bounds.add(buckets.getUpperBound(i));
      }
    }
    return point(point, now, bounds, counts);
  }

  private HistogramPointData point(
      DistributionDataPointSnapshot point, long now, List<Double> bounds, List<Long> counts) {
    return HistogramPointData.create(
        startedNanos, now, attributes(point), point.getSum(), false, 0, false, 0, bounds, counts);
  }

  private static Attributes attributes(DataPointSnapshot point) {
    AttributesBuilder attributes = Attributes.builder();
    point.getLabels().forEach(label -> attributes.put(label.getName(), label.getValue()));
    return attributes.build();
  }
}
