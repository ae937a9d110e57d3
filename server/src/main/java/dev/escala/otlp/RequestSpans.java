package dev.escala.otlp;

import dev.escala.observe.Observation;
import dev.escala.observe.Observation.RequestServed;
import dev.escala.observe.Observer;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A span for each request that is part of a trace, once it is served. Who began the trace says
 * whether it is kept.
 */
final class RequestSpans implements Observer {
  private static final int SERVER_ERROR = 500;
  private static final TextMapGetter<String> TRACEPARENT = new OneHeader();

  private final Tracer tracer;

  RequestSpans(Tracer tracer) {
    this.tracer = tracer;
  }

  @Override
  public void observed(Observation observation) {
    if (observation instanceof RequestServed served && served.trace().traceparent() != null) {
      record(served, Instant.now());
    }
  }

  /** Its length is that of the work: without the time in which the client took nothing. */
  private void record(RequestServed served, Instant ended) {
    Context parent =
        W3CTraceContextPropagator.getInstance()
            .extract(Context.root(), served.trace().traceparent(), TRACEPARENT);
    Span span =
        tracer
            .spanBuilder(served.method() + " " + served.route())
            .setParent(parent)
            .setSpanKind(SpanKind.SERVER)
            .setStartTimestamp(ended.minus(served.duration()))
            .startSpan();
    span.setAttribute("http.request.method", served.method())
        .setAttribute("http.route", served.route())
        .setAttribute("http.response.status_code", (long) served.status())
        .setAttribute("http.response.body.size", served.bytes())
        .setAttribute("escala.request_id", served.trace().requestId());
    if (served.status() >= SERVER_ERROR) {
      span.setStatus(StatusCode.ERROR);
    }
    span.end(ended);
  }

  /** Of a request nothing else is kept. */
  private static final class OneHeader implements TextMapGetter<String> {
    private static final String NAME = "traceparent";

    @Override
    public Iterable<String> keys(String traceparent) {
      return List.of(NAME);
    }

    @Override
    public @Nullable String get(@Nullable String traceparent, String key) {
      return key.equals(NAME) ? traceparent : null;
    }
  }
}
