package dev.escala.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.ReasonCode;
import dev.escala.model.ReturnReason;
import dev.escala.model.SourceKind;
import dev.escala.observe.Observation;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoggingTest {
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();

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
}
