package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escala.config.ConfigurationException;
import dev.escala.otlp.OtlpSettings;
import dev.escala.testing.PostgresServer;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a whole server sends to a collector that speaks OTLP over HTTP. */
@Tag("integration")
class OtlpTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00f067aa0ba902b7";

  private final PostgresServer.Database database = PostgresServer.newDatabase();

  private RunningServer server(String url, String more) {
    return RunningServer.start(
        """
        databases: {db: {url: "${URL}"}}
        system: {name: departures, env: prod, tier: critical, region: eu-west-1}
        topics: {t: {table: db.t}}
        otlp: {endpoint: "%s/", every: 1s, headers: {Authorization: Bearer x}%s}
        """
            .formatted(url, more),
        database,
        Map.of());
  }

  private static String traceparent(String flags) {
    return "00-%s-%s-%s".formatted(TRACE, PARENT, flags);
  }

  @Test
  void countsAndSpansArriveWithTheSystemThatTheyAreOf() throws Exception {
    try (Collector collector = new Collector()) {
      try (RunningServer server = server(collector.url(), "")) {
        server.post("/topics/t", "{\"n\": 1}");
        server.get("/db/t", "traceparent", traceparent("01"), "X-Request-Id", "r-1");
        server.get("/db/t?n=eq.2", "traceparent", traceparent("00"));
        server.get("/db/t?n=eq.3");
      }
      assertThat(collector.spans()).as("of who began a trace and keeps it").hasSize(1);
      assertSpan(collector.spans().getFirst());
      assertThat(collector.resource())
          .containsEntry("service.name", "escala")
          .containsEntry("service.namespace", "departures")
          .containsEntry("deployment.environment.name", "prod")
          .containsEntry("cloud.region", "eu-west-1");
      assertCounted(collector);
      assertThat(collector.tokens()).containsOnly("Bearer x");
    }
  }

  private static void assertSpan(Span span) {
    HexFormat hex = HexFormat.of();
    assertThat(hex.formatHex(span.getTraceId().toByteArray())).isEqualTo(TRACE);
    assertThat(hex.formatHex(span.getParentSpanId().toByteArray())).isEqualTo(PARENT);
    assertThat(span.getName()).isEqualTo("GET /{database}/{relation}");
    assertThat(span.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
    assertThat(span.getEndTimeUnixNano()).isGreaterThan(span.getStartTimeUnixNano());
    assertThat(Collector.texts(span.getAttributesList()))
        .containsEntry("http.route", "/{database}/{relation}")
        .containsEntry("http.response.status_code", "200")
        .containsEntry("escala.request_id", "r-1");
  }

  /** The last sending, at the stop, has everything. */
  private static void assertCounted(Collector collector) {
    Sum rows = collector.metric("ingest_rows").getSum();
    assertThat(rows.getIsMonotonic()).isTrue();
    assertThat(rows.getDataPointsList())
        .filteredOn(
            point ->
                Collector.texts(point.getAttributesList())
                    .entrySet()
                    .containsAll(Map.of("result", "stored", "topic", "t").entrySet()))
        .anySatisfy(point -> assertThat(point.getAsDouble()).isGreaterThanOrEqualTo(1));
    HistogramDataPoint read =
        collector
            .metric("http_request_duration_seconds")
            .getHistogram()
            .getDataPointsList()
            .stream()
            .filter(
                point ->
                    Collector.texts(point.getAttributesList())
                        .containsValue("/{database}/{relation}"))
            .findFirst()
            .orElseThrow();
    assertThat(read.getExplicitBoundsList()).contains(0.2, 0.5);
    assertThat(read.getBucketCountsList().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(read.getCount())
        .isGreaterThanOrEqualTo(3);
    assertThat(collector.metric("escala_build_info").getGauge().getDataPoints(0).getAsDouble())
        .isOne();
    assertThat(collector.metric("jvm_gc_collection_seconds").hasHistogram()).isTrue();
  }

  @Test
  void theSameNamesAsPrometheusSees() throws Exception {
    try (Collector collector = new Collector();
        RunningServer server = server(collector.url(), ", traces: false")) {
      eventually("metrics arrive", collector::hasMetrics);
      String scraped = server.metrics();
      Set<String> unknown =
          collector.metrics().keySet().stream()
              .filter(name -> !scraped.contains("# TYPE " + name + " "))
              .filter(name -> !scraped.contains("# TYPE " + name + "_total "))
              .collect(Collectors.toSet());
      assertThat(unknown).isEmpty();
      server.get("/db", "traceparent", traceparent("01"));
      assertThat(collector.spans()).isEmpty();
    }
  }

  /** Nobody waits for a collector; that it takes nothing is counted. */
  @Test
  void aCollectorThatIsAwayIsTold() throws Exception {
    String nobody;
    try (Collector gone = new Collector()) {
      nobody = gone.url();
    }
    try (RunningServer server = server(nobody, "")) {
      eventually(
          "the failure is counted",
          () -> server.metric("otlp_export_failures_total", "signal=\"metrics\"") > 0);
      assertThat(server.get("/db").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void isOffUnlessThereIsAnEndpoint() throws ConfigurationException {
    assertThat(read("{every: 5s}")).isEmpty();
    assertThat(read("{endpoint: 'http://c:4318', headers: {Authorization: secret}}"))
        .hasValueSatisfying(on -> assertThat(on.toString()).contains("c:4318"))
        .hasValueSatisfying(on -> assertThat(on.toString()).doesNotContain("secret"));
    assertThatThrownBy(() -> read("{endpoint: c:4318, every: 1ms}"))
        .hasMessageContaining("2 errors")
        .hasMessageContaining("must be at least 1s");
  }

  private static Optional<OtlpSettings> read(String otlp) throws ConfigurationException {
    String yaml = "databases: {db: {url: postgresql://a@b/c}}\notlp: " + otlp;
    return Configuration.read("a.yaml", yaml, variable -> null).otlp();
  }
}
