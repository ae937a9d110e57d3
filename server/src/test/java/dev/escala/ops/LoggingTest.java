package dev.escala.ops;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.spi.FilterReply;
import dev.escala.model.ReasonCode;
import dev.escala.model.RequestTrace;
import dev.escala.model.ReturnReason;
import dev.escala.model.SourceKind;
import dev.escala.observe.Observation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LoggingTest {
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();

  /** Tests beside this one may be the first to log: meanwhile SLF4J gives a substitute. */
  @BeforeAll
  static void awaitLogback() {
    eventually(
        "SLF4J is initialised", () -> LoggerFactory.getILoggerFactory() instanceof LoggerContext);
  }

  @AfterEach
  void restore() {
    Logging.configure(
        new LogSettings(LogSettings.Format.CONSOLE, LogSettings.Level.WARN), System.err);
  }

  private String logged(LogSettings.Format format, Observation... observations) {
    Logging.configure(new LogSettings(format, LogSettings.Level.INFO), output);
    LogObserver observer = new LogObserver();
    for (Observation observation : observations) {
      observer.observed(observation);
    }
    return output.toString(StandardCharsets.UTF_8);
  }

  private static Observation.BatchSettled batch(Map<ReasonCode, Integer> rejected) {
    return new Observation.BatchSettled(
        SourceKind.SQS,
        "departures",
        9,
        0,
        rejected,
        Map.of(),
        100,
        new Observation.Phases(Duration.ZERO, Duration.ofMillis(4), Duration.ZERO),
        List.of(),
        Instant.EPOCH);
  }

  /** Errors of commands and progress bars go there, too, also after it was set up anew. */
  @Test
  void theStreamStaysOpen() {
    AtomicBoolean closed = new AtomicBoolean();
    LogSettings settings = new LogSettings(LogSettings.Format.CONSOLE, LogSettings.Level.WARN);
    Logging.configure(
        settings,
        new ByteArrayOutputStream() {
          @Override
          public void close() {
            closed.set(true);
          }
        });
    Logging.configure(settings, output);
    assertThat(closed).isFalse();
  }

  @Test
  void jsonLinesCarryTheEventAndItsFields() {
    assertThat(logged(LogSettings.Format.JSON, batch(Map.of(ReasonCode.FIELD_TYPE, 1))))
        .matches(
            "\\{\"ts\":\"[^\"]+\",\"level\":\"warn\",\"logger\":\"escala\",\"msg\":\"departures: 9"
                + " stored, 0 duplicates, rejected \\{FIELD_TYPE=1}, returned \\{}\","
                + "\"event\":\"batch_settled\",\"topic\":\"departures\",\"stored\":9,"
                + "\"duplicates\":0,\"rejected\":\\{\"FIELD_TYPE\":1},\"returned\":\\{},"
                + "\"write_ms\":4}\n");
  }

  @Test
  void whatFailsOrComesLateLeavesALineByWhichItIsFound() {
    RequestTrace trace =
        RequestTrace.of("mine-1", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    assertThat(logged(LogSettings.Format.JSON, served(200, Duration.ofMillis(500), trace)))
        .isEmpty();
    assertThat(logged(LogSettings.Format.JSON, served(200, Duration.ofMillis(501), trace)))
        .contains("\"level\":\"info\"", "\"request_id\":\"mine-1\"")
        .contains("\"trace_id\":\"4bf92f3577b34da6a3ce929d0e0e4736\"");
    output.reset();
    assertThat(logged(LogSettings.Format.JSON, served(503, Duration.ZERO, trace)))
        .contains("\"status\":503", "\"request_id\":\"mine-1\"");
  }

  private static Observation served(int status, Duration begun, RequestTrace trace) {
    return new Observation.RequestServed(
        "/{database}", "GET", status, Duration.ofMinutes(1), 10, begun, trace);
  }

  @Test
  void peopleGetOneReadableLine() {
    assertThat(
            logged(
                LogSettings.Format.CONSOLE,
                new Observation.IntakePaused(
                    SourceKind.SQS, "t", ReturnReason.DATABASE_UNAVAILABLE, "08", "refused")))
        .matches(
            "\\d\\d:\\d\\d:\\d\\d WARN  Intake of t paused \\(DATABASE_UNAVAILABLE\\): refused\n");
  }

  @Test
  void whatHappensAllTheTimeIsNotLoggedByDefault() {
    assertThat(logged(LogSettings.Format.JSON, batch(Map.of()))).isEmpty();
  }

  @Test
  void textOfClientsCannotForgeALine() {
    assertThat(
            logged(
                LogSettings.Format.CONSOLE,
                new Observation.SourceFailed(SourceKind.SQS, "t\n00:00:00 INFO  fine", "x")))
        .hasLineCount(1);
  }

  private static LoggingEvent line(String logger, String text, Level level, Instant at) {
    LoggingEvent line = new LoggingEvent();
    line.setLoggerName(logger);
    line.setMessage(text);
    line.setLevel(level);
    line.setInstant(at);
    return line;
  }

  private static long passed(FloodFilter filter, int lines, Level level, Instant at) {
    return IntStream.range(0, lines)
        .mapToObj(i -> line("escala", "A request to {} failed", level, at))
        .filter(line -> filter.decide(line) != FilterReply.DENY)
        .count();
  }

  @Test
  void ofAFloodFewLinesPassAndTheNextOneSaysHowManyDidNot() {
    FloodFilter filter = new FloodFilter();
    assertThat(passed(filter, 10_000, Level.ERROR, Instant.EPOCH)).isEqualTo(20);
    LoggingEvent other = line("escala", "Something else", Level.ERROR, Instant.EPOCH);
    assertThat(filter.decide(other)).isEqualTo(FilterReply.NEUTRAL);
    assertThat(other.getKeyValuePairs()).isNull();

    Instant later = Instant.EPOCH.plusSeconds(3);
    LoggingEvent next = line("escala", "A request to {} failed", Level.ERROR, later);
    assertThat(filter.decide(next)).isEqualTo(FilterReply.NEUTRAL);
    assertThat(next.getKeyValuePairs()).hasToString("[left_out=\"9980\"]");
    assertThat(passed(filter, 10_000, Level.ERROR, later)).isEqualTo(2);
  }

  @Test
  void whoAsksForDebugGetsAllOfIt() {
    assertThat(passed(new FloodFilter(), 1000, Level.DEBUG, Instant.EPOCH)).isEqualTo(1000);
  }

  @Test
  void textsThatAreAlwaysNewShareOneAllowance() {
    FloodFilter filter = new FloodFilter();
    long passed =
        IntStream.range(0, 10_000)
            .mapToObj(i -> line("library", "text " + i, Level.WARN, Instant.EPOCH))
            .filter(line -> filter.decide(line) != FilterReply.DENY)
            .count();
    assertThat(passed).isEqualTo(200 + 20);
  }

  @Test
  void whatFailsForEachOfManyRequestsWritesFewLines() {
    Observation[] failed = new Observation[1000];
    Arrays.fill(
        failed,
        new Observation.RequestFailed("/{database}", new IOException("gone"), RequestTrace.NONE));
    assertThat(logged(LogSettings.Format.JSON, failed).lines()).hasSizeLessThan(30);
  }
}
