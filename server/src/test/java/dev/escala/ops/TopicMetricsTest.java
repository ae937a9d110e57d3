package dev.escala.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.Backlog;
import dev.escala.model.LoopState;
import dev.escala.model.Moment;
import dev.escala.model.OpenLetters;
import dev.escala.model.SourceKind;
import dev.escala.observe.Observation.BacklogsMeasured;
import dev.escala.observe.Observation.LagsMeasured;
import dev.escala.observe.Observation.LettersMeasured;
import dev.escala.observe.Observation.LoopsMeasured;
import dev.escala.ops.MetricsObserver.RunningBuild;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TopicMetricsTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_000_000);

  private final MetricsObserver metrics =
      new MetricsObserver(
          new SystemLabels("test", "local", "standard", "eu"),
          new RunningBuild("all", "1.2.3"),
          Set.of("t"));

  private static final Moment MOMENT = new Moment(Long.MIN_VALUE + 5);

  private static @Nullable Instant at(int secondsAgo) {
    return secondsAgo < 0 ? null : NOW.minusSeconds(secondsAgo);
  }

  private static @Nullable Moment ago(int seconds) {
    return seconds < 0 ? null : MOMENT.minus(Duration.ofSeconds(seconds));
  }

  /** Ages in seconds; none where negative. */
  private static LoopState loop(
      String topic, int lastReceive, int inFlight, int published, int settled) {
    return new LoopState(
        SourceKind.HTTP, topic, ago(lastReceive), ago(inFlight), at(published), at(settled));
  }

  private void measured(LoopState... loops) {
    metrics.observed(new LoopsMeasured(NOW, MOMENT, List.of(loops)));
  }

  private String value(String name, String topic) {
    return new String(metrics.scrape(null).body(), StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.startsWith(name + "{") && line.contains("topic=\"" + topic + "\""))
        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
        .findFirst()
        .orElse("none");
  }

  @Test
  void anIdleTopicIsSettledUpToItsLastMessage() {
    measured(loop("t", 1, -1, -1, 500));
    assertThat(value("ingest_oldest_inflight_seconds", "t")).isEqualTo("0.0");
    assertThat(value("ingest_watermark_timestamp_seconds", "t")).isEqualTo("999500.0");
    assertThat(value("ingest_source_last_receive_timestamp_seconds", "t")).isEqualTo("999999.0");
  }

  @Test
  void whatIsInFlightHoldsTheWatermark() {
    measured(loop("t", 1, 20, 90, 5));
    assertThat(value("ingest_oldest_inflight_seconds", "t")).isEqualTo("20.0");
    assertThat(value("ingest_watermark_timestamp_seconds", "t")).isEqualTo("999910.0");
  }

  @Test
  void theLoopThatIsWorseOffSpeaksForTheTopic() {
    measured(loop("t", 70, 20, 90, 5), loop("t", 0, -1, -1, 1), loop("t", 0, 30, 40, 9_000));
    assertThat(value("ingest_source_last_receive_timestamp_seconds", "t")).isEqualTo("999930.0");
    assertThat(value("ingest_oldest_inflight_seconds", "t")).isEqualTo("30.0");
    assertThat(value("ingest_watermark_timestamp_seconds", "t")).isEqualTo("999910.0");
  }

  @Test
  void anIdleLoopHoldsNoWatermarkBack() {
    measured(loop("t", 0, -1, -1, 9_000), loop("t", 0, -1, -1, 3));
    assertThat(value("ingest_watermark_timestamp_seconds", "t")).isEqualTo("999997.0");
  }

  @Test
  void whatWasNeverHeardOfIsAbsent() {
    measured(loop("t", -1, -1, -1, -1));
    assertThat(value("ingest_source_last_receive_timestamp_seconds", "t")).isEqualTo("none");
    assertThat(value("ingest_watermark_timestamp_seconds", "t")).isEqualTo("none");
    assertThat(value("ingest_oldest_inflight_seconds", "t")).isEqualTo("0.0");
  }

  @Test
  void aTopicThatOthersHideBehindOneLabelIsNotHidden() {
    List<LoopState> loops = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      loops.add(loop("t" + i, 0, i == 199 ? 45 : -1, i == 199 ? 50 : -1, 1));
    }
    metrics.observed(new LoopsMeasured(NOW, MOMENT, loops));
    assertThat(value("ingest_oldest_inflight_seconds", "other")).isEqualTo("45.0");
  }

  @Test
  void brokersThatDoNotTellHaveNoLag() {
    metrics.observed(new LagsMeasured(Map.of("t", 5L)));
    assertThat(value("kafka_lag", "t")).isEqualTo("5.0");
    metrics.observed(new LagsMeasured(Map.of()));
    assertThat(value("kafka_lag", "t")).isEqualTo("none");
  }

  @Test
  void aQueueThatDoesNotTellHasNoDepth() {
    metrics.observed(new BacklogsMeasured(Map.of("t", new Backlog(5, 6, 7, 8L))));
    assertThat(value("sqs_visible", "t")).isEqualTo("5.0");
    assertThat(value("sqs_inflight", "t")).isEqualTo("6.0");
    assertThat(value("sqs_delayed", "t")).isEqualTo("7.0");
    assertThat(value("sqs_dlq_visible", "t")).isEqualTo("8.0");
    metrics.observed(new BacklogsMeasured(Map.of("t", new Backlog(1, 0, 0, null))));
    assertThat(value("sqs_visible", "t")).isEqualTo("1.0");
    assertThat(value("sqs_dlq_visible", "t")).isEqualTo("none");
    metrics.observed(new BacklogsMeasured(Map.of()));
    assertThat(value("sqs_visible", "t")).isEqualTo("none");
  }

  @Test
  void openDeadLettersAreToldByTopicAndReason() {
    metrics.observed(
        new LettersMeasured(
            NOW,
            List.of(
                new OpenLetters("t", "field.type", 3, NOW.minusSeconds(60)),
                new OpenLetters("t", "of another version", 2, NOW.minusSeconds(90)),
                new OpenLetters("t", "and another", 5, NOW.minusSeconds(30)),
                new OpenLetters("u", "row.data", 1, NOW.plusSeconds(5)))));
    assertThat(value("ingest_dead_letters_oldest_seconds", "t")).isEqualTo("90.0");
    assertThat(value("ingest_dead_letters_oldest_seconds", "u")).isEqualTo("0.0");
    assertThat(lines("ingest_dead_letters_open"))
        .satisfiesExactlyInAnyOrder(
            line -> assertThat(line).contains("\"field.type\"").endsWith(" 3.0"),
            line -> assertThat(line).contains("reason=\"other\"").endsWith(" 7.0"),
            line -> assertThat(line).contains("\"row.data\"", "topic=\"u\"").endsWith(" 1.0"));
    metrics.observed(new LettersMeasured(NOW, List.of(new OpenLetters("t", "field.type", 1, NOW))));
    assertThat(lines("ingest_dead_letters_open")).hasSize(1);
    assertThat(value("ingest_dead_letters_oldest_seconds", "u")).isEqualTo("none");
    metrics.observed(new LettersMeasured(NOW, List.of()));
    assertThat(value("ingest_dead_letters_oldest_seconds", "t")).isEqualTo("none");
  }

  private List<String> lines(String name) {
    return new String(metrics.scrape(null).body(), StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.startsWith(name + "{"))
        .toList();
  }
}
