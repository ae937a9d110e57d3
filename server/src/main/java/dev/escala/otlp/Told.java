package dev.escala.otlp;

import dev.escala.observe.Observation.ExportFailed;
import dev.escala.observe.Observer;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.Optional;

/** Exporters that tell when a collector did not take something. */
final class Told {
  private Told() {}

  private static CompletableResultCode tell(
      CompletableResultCode result, String signal, Observer observer) {
    return result.whenComplete(
        () -> {
          if (!result.isSuccess()) {
            String detail =
                Optional.ofNullable(result.getFailureThrowable())
                    .map(Throwable::toString)
                    .orElse("it was not taken");
            observer.observed(new ExportFailed(signal, detail));
          }
        });
  }

  record Spans(SpanExporter exporter, Observer observer) implements SpanExporter {
    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      return tell(exporter.export(spans), "traces", observer);
    }

    @Override
    public CompletableResultCode flush() {
      return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
      return exporter.shutdown();
    }
  }

  record Metrics(MetricExporter exporter, Observer observer) implements MetricExporter {
    @Override
    public CompletableResultCode export(Collection<MetricData> metrics) {
      return tell(exporter.export(metrics), "metrics", observer);
    }

    @Override
    public AggregationTemporality getAggregationTemporality(InstrumentType type) {
      return exporter.getAggregationTemporality(type);
    }

    @Override
    public CompletableResultCode flush() {
      return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
      return exporter.shutdown();
    }
  }
}
