package dev.escala.otlp;

import dev.escala.observe.Observation;
import dev.escala.observe.Observer;
import dev.escala.ops.SystemLabels;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Sends metrics and spans until it is closed; observes the requests that become spans. */
public final class Otlp implements Observer, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long CLOSING_SECONDS = 5;

  /** Held, or what is set on it is forgotten: what fails is told by the product's own log. */
  private static final Logger OF_LIBRARY = Logger.getLogger("io.opentelemetry");

  private final Optional<SdkMeterProvider> meters;
  private final Optional<SdkTracerProvider> tracers;
  private final Observer spans;

  private Otlp(Optional<SdkMeterProvider> meters, Optional<SdkTracerProvider> tracers) {
    this.meters = meters;
    this.tracers = tracers;
    this.spans =
        tracers
            .<Observer>map(provider -> new RequestSpans(provider.get("escala")))
            .orElse(observation -> {});
  }

  /**
   * Starts sending.
   *
   * @param version of the build
   * @param metrics what is counted at the moment
   * @param observer is told what could not be sent
   */
  public static Otlp start(
      OtlpSettings settings,
      SystemLabels system,
      String version,
      Supplier<MetricSnapshots> metrics,
      Observer observer) {
    OF_LIBRARY.setLevel(Level.OFF);
    Resource resource = resource(system, version);
    return new Otlp(
        settings.metrics()
            ? Optional.of(meters(settings, resource, new CountedMetrics(metrics), observer))
            : Optional.empty(),
        settings.traces() ? Optional.of(tracers(settings, resource, observer)) : Optional.empty());
  }

  private static Resource resource(SystemLabels system, String version) {
    return Resource.getDefault()
        .merge(
            Resource.create(
                Attributes.builder()
                    .put("service.name", "escala")
                    .put("service.namespace", system.system())
                    .put("service.version", version)
                    .put("deployment.environment.name", system.environment())
                    .put("cloud.region", system.region())
                    .put("escala.tier", system.tier())
                    .build()));
  }

  private static SdkMeterProvider meters(
      OtlpSettings settings, Resource resource, CountedMetrics metrics, Observer observer) {
    MetricExporter exporter =
        OtlpHttpMetricExporter.builder()
            .setEndpoint(settings.endpoint() + "/v1/metrics")
            .setHeaders(settings::headers)
            .setTimeout(PATIENCE)
            .build();
    return SdkMeterProvider.builder()
        .setResource(resource)
        .registerMetricProducer(metrics)
        .registerMetricReader(
            PeriodicMetricReader.builder(new Told.Metrics(exporter, observer))
                .setInterval(settings.every())
                .build())
        .build();
  }

  private static SdkTracerProvider tracers(
      OtlpSettings settings, Resource resource, Observer observer) {
    SpanExporter exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(settings.endpoint() + "/v1/traces")
            .setHeaders(settings::headers)
            .setTimeout(PATIENCE)
            .build();
    return SdkTracerProvider.builder()
        .setResource(resource)
        .setSampler(Sampler.parentBased(Sampler.alwaysOff()))
        .addSpanProcessor(BatchSpanProcessor.builder(new Told.Spans(exporter, observer)).build())
        .build();
  }

  @Override
  public void observed(Observation observation) {
    spans.observed(observation);
  }

  /** Sends what is there, for some seconds at most. */
  @Override
  public void close() {
    CompletableResultCode metricsSent =
        meters.map(SdkMeterProvider::shutdown).orElse(CompletableResultCode.ofSuccess());
    CompletableResultCode spansSent =
        tracers.map(SdkTracerProvider::shutdown).orElse(CompletableResultCode.ofSuccess());
    spansSent.join(CLOSING_SECONDS, TimeUnit.SECONDS);
    metricsSent.join(CLOSING_SECONDS, TimeUnit.SECONDS);
  }
}
