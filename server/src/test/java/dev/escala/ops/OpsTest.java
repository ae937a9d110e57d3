package dev.escala.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.escala.app.HttpClients;
import dev.escala.http.HttpListener;
import dev.escala.http.Router;
import dev.escala.http.connection.AcceptingTransport;
import dev.escala.http.connection.ConnectionSettings;
import dev.escala.model.ReasonCode;
import dev.escala.model.RequestTrace;
import dev.escala.model.ReturnReason;
import dev.escala.model.SourceKind;
import dev.escala.observe.HealthProbe;
import dev.escala.observe.Observation;
import dev.escala.ops.MetricsObserver.RunningBuild;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpsTest {
  private static final Vertx VERTX =
      AcceptingTransport.vertx(
          new VertxOptions(), ConnectionSettings.standard(), observation -> {});
  private static final HttpClient CLIENT = HttpClients.create();
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

  private final MetricsObserver metrics =
      new MetricsObserver(
          new SystemLabels("test", "local", "standard", "eu"),
          new RunningBuild("all", "1.2.3"),
          Set.of("t"));

  @AfterAll
  static void close() {
    VERTX.close().await();
    CLIENT.close();
  }

  private record FixedProbe(String name, CompletionStage<Report> answer) implements HealthProbe {
    static FixedProbe of(String name, Status status) {
      return new FixedProbe(
          name, CompletableFuture.completedFuture(new Report(status, Map.of("latency_ms", 3))));
    }

    @Override
    public CompletionStage<Report> check() {
      return answer;
    }
  }

  private String metric(String line) {
    String text = new String(metrics.scrape(null).body(), java.nio.charset.StandardCharsets.UTF_8);
    return text.lines().filter(l -> l.startsWith(line)).findFirst().orElse("none");
  }

  private HttpResponse<String> get(HttpListener listener, String path)
      throws IOException, InterruptedException {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create("http://localhost:" + listener.port() + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpListener listen(Router router) {
    return new HttpListener(VERTX, metrics, () -> router).start("localhost", 0, 1);
  }

  @Test
  void theInvariantOfMessagesIsExported() {
    metrics.observed(new Observation.MessagesReceived(SourceKind.SQS, "t", 10, 1000));
    assertThat(metric("ingest_inflight{")).endsWith("} 10.0");
    metrics.observed(
        new Observation.BatchSettled(
            SourceKind.SQS,
            "t",
            5,
            2,
            Map.of(ReasonCode.FIELD_TYPE, 1),
            Map.of(ReturnReason.DATABASE_UNAVAILABLE, 2),
            1000,
            new Observation.Phases(Duration.ofMillis(1), Duration.ofMillis(2), Duration.ZERO),
            List.of(NOW.minusMillis(100), NOW.minusSeconds(2)),
            NOW));

    assertThat(metric("ingest_messages_received_total")).endsWith("} 10.0");
    assertThat(metric("ingest_inflight{")).endsWith("} 0.0");
    for (String result : List.of("stored 5", "duplicate 2", "rejected 1", "returned 2")) {
      String[] parts = result.split(" ", 2);
      assertThat(
              metric(
                  "ingest_rows_total{env=\"local\",region=\"eu\",result=\"%s\",system=\"test\""
                      .formatted(parts[0])))
          .endsWith("} " + parts[1] + ".0");
    }
    assertThat(metric("ingest_dead_letters_total{")).contains("field.type").endsWith("} 1.0");
    assertThat(
            metric(
                "ingest_freshness_seconds_bucket{env=\"local\",region=\"eu\",system=\"test\",tier=\"standard\",topic=\"t\",le=\"0.15\"}"))
        .endsWith(" 1");
  }

  @Test
  void inventedTopicsDoNotMakeEndlessSeries() {
    for (int i = 0; i < 500; i++) {
      metrics.observed(new Observation.MessagesReceived(SourceKind.HTTP, "t" + i, 1, 1));
    }
    metrics.observed(new Observation.MessagesReceived(SourceKind.SQS, "t", 1, 1));
    String text = new String(metrics.scrape(null).body(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(text.lines().filter(l -> l.startsWith("ingest_messages_received_total{")))
        .as("ten, all others, and the one that is configured")
        .hasSize(12);
    assertThat(text).contains("topic=\"other\"");
  }

  @Test
  void aTopicThatIsClosedGivesItsNameInLabelsToAnother() {
    for (int i = 0; i < 10; i++) {
      metrics.observed(new Observation.MessagesReceived(SourceKind.HTTP, "t" + i, 1, 1));
    }
    metrics.observed(new Observation.TopicClosed("t3"));
    metrics.observed(new Observation.TopicClosed("t"));
    metrics.observed(new Observation.MessagesReceived(SourceKind.HTTP, "new", 1, 1));
    metrics.observed(new Observation.MessagesReceived(SourceKind.HTTP, "t", 1, 1));
    String text = new String(metrics.scrape(null).body(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(text)
        .contains("topic=\"new\"", "topic=\"t\"", "topic=\"t4\"")
        .doesNotContain("topic=\"t3\"", "topic=\"other\"");
  }

  @Test
  void pausesAreVisibleUntilIntakeResumes() {
    metrics.observed(
        new Observation.IntakePaused(
            SourceKind.SQS, "t", ReturnReason.DATABASE_UNAVAILABLE, "08", "gone"));
    assertThat(metric("ingest_paused{")).contains("database_unavailable").endsWith("} 1.0");
    metrics.observed(new Observation.IntakeResumed(SourceKind.SQS, "t", Duration.ofSeconds(1)));
    assertThat(metric("ingest_paused{")).endsWith("} 0.0");
  }

  @Test
  void requestsAreCountedByRouteNeverByPath() throws Exception {
    Router router = new Router();
    new HealthApi("1", List::of).register(router);
    try (HttpListener listener = listen(router)) {
      assertThat(get(listener, "/ping").body()).isEqualTo("{\"status\":\"ok\"}");
      assertThat(get(listener, "/nothing/here").statusCode()).isEqualTo(404);
    }
    assertThat(metric("http_request_duration_seconds_count{code=\"2xx\""))
        .contains("route=\"/ping\"");
    assertThat(metric("http_request_duration_seconds_count{code=\"4xx\""))
        .contains("route=\"none\"");
  }

  @Test
  void healthIsAsBadAsTheWorstCheck() throws Exception {
    Router router = new Router();
    new HealthApi(
            "0.1.0 (abcdef0)",
            () ->
                List.of(
                    FixedProbe.of("api", HealthProbe.Status.OK),
                    FixedProbe.of("database flights", HealthProbe.Status.WARN)))
        .register(router);
    try (HttpListener listener = listen(router)) {
      HttpResponse<String> answer = get(listener, "/health");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body())
          .isEqualTo(
              "{\"status\":\"warn\",\"version\":\"0.1.0"
                  + " (abcdef0)\",\"checks\":{\"api\":{\"status\":\"ok\",\"latency_ms\":3},\"database"
                  + " flights\":{\"status\":\"warn\",\"latency_ms\":3}}}");
    }
  }

  @Test
  void aProbeThatDoesNotAnswerIsCritical() throws Exception {
    Router router = new Router();
    new HealthApi("1", () -> List.of(new FixedProbe("stuck", new CompletableFuture<>())))
        .register(router);
    try (HttpListener listener = listen(router)) {
      HttpResponse<String> answer = get(listener, "/health");
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body())
          .contains("\"stuck\":{\"status\":\"critical\",\"error\":\"no answer\"}");
    }
  }

  @Test
  void theAdminPortAnswersForOrchestratorAndPrometheus() throws Exception {
    Router router = new Router();
    AdminApi admin =
        new AdminApi(metrics, List.of(FixedProbe.of("database", HealthProbe.Status.OK)));
    admin.register(router);
    try (HttpListener listener = listen(router)) {
      assertThat(get(listener, "/live").statusCode()).isEqualTo(200);
      assertThat(get(listener, "/ready").statusCode()).isEqualTo(200);
      HttpResponse<String> scrape = get(listener, "/metrics");
      assertThat(scrape.headers().firstValue("Content-Type").orElseThrow())
          .startsWith("text/plain");
      assertThat(scrape.body())
          .contains(
              "escala_build_info{env=\"local\",region=\"eu\",role=\"all\",system=\"test\",tier=\"standard\",version=\"1.2.3\"}"
                  + " 1.0")
          .contains("jvm_memory_used_bytes");
      admin.stopping();
      assertThat(get(listener, "/ready").statusCode()).isEqualTo(503);
    }
  }

  /** As Prometheus asks with native histograms, and what its agents and others ask. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,"
            + "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2,*/*;q=0.1"
            + " | application/openmetrics-text",
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited"
            + " | text/plain",
        "application/openmetrics-text;version=1.0.0 | application/openmetrics-text",
        "*/* | text/plain",
        "image/png | text/plain"
      })
  void whoWouldLikeProtobufTakesText(String accept, String type) {
    MetricsObserver.Scrape scrape = metrics.scrape(accept);
    assertThat(scrape.contentType()).startsWith(type);
    assertThat(new String(scrape.body(), StandardCharsets.UTF_8)).contains("escala_build_info{");
  }

  /** A point of the latency leads to a trace, for who asks in the format that has exemplars. */
  @Test
  void aRequestOfATraceIsAnExemplar() {
    String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    RequestTrace known = RequestTrace.of("r1", "00-" + trace + "-00f067aa0ba902b7-01");
    Duration took = Duration.ofMillis(300);
    metrics.observed(new Observation.RequestServed("/a", "GET", 200, took, 1, took, known));
    metrics.observed(new Observation.RequestServed("/b", "GET", 200, took, 1));
    assertThat(text("application/openmetrics-text").lines().filter(line -> line.contains(" # ")))
        .singleElement(STRING)
        .contains("le=\"0.3\"", "route=\"/a\"", "# {trace_id=\"" + trace + "\"} 0.3");
    assertThat(text("text/plain")).doesNotContain("trace_id");
  }

  private String text(String accept) {
    return new String(metrics.scrape(accept).body(), StandardCharsets.UTF_8);
  }

  @Test
  void manySlowReadsAreAWarning() {
    ApiHealth health = new ApiHealth();
    for (int i = 0; i < 30; i++) {
      health.observed(
          new Observation.RequestServed(
              "/{database}/{relation}", "GET", 200, Duration.ofMillis(i < 20 ? 5 : 900), 1));
      health.observed(new Observation.RequestServed("/ping", "GET", 200, Duration.ofSeconds(9), 1));
    }
    assertThat(health.check().toCompletableFuture().join())
        .isEqualTo(
            new HealthProbe.Report(
                HealthProbe.Status.WARN,
                Map.of("reads_last_minute", 30, "p50_ms", 5L, "p99_ms", 900L)));
  }
}
