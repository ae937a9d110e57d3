package dev.escala.ops;

import dev.escala.model.Backlog;
import dev.escala.model.LoopState;
import dev.escala.model.Moment;
import dev.escala.model.OpenLetters;
import dev.escala.model.ReasonCode;
import dev.escala.observe.Observation.BacklogsMeasured;
import dev.escala.observe.Observation.LagsMeasured;
import dev.escala.observe.Observation.LettersMeasured;
import dev.escala.observe.Observation.LoopsMeasured;
import io.prometheus.metrics.core.metrics.Gauge;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How topics stand at a moment. Where several loops share a label the one that is worse off speaks
 * for them, so that none hides behind another.
 */
final class TopicMetrics {
  private static final Set<String> REASONS =
      Arrays.stream(ReasonCode.values()).map(ReasonCode::code).collect(Collectors.toSet());

  private final TopicLabel topics;
  private final Gauge lastReceive;
  private final Gauge oldestInFlight;
  private final Gauge watermark;
  private final Gauge visible;
  private final Gauge inFlight;
  private final Gauge delayed;
  private final Gauge deadLetters;
  private final Gauge lag;
  private final Gauge openLetters;
  private final Gauge oldestLetter;
  private Set<List<String>> open = Set.of();
  private Set<String> lagging = Set.of();
  private Set<String> known = Set.of();

  TopicMetrics(Meter meter, TopicLabel topics) {
    this.topics = topics;
    lastReceive =
        meter.gauge(
            "ingest_source_last_receive_timestamp_seconds",
            "When the origin last answered a receive, also with nothing.",
            "source",
            "topic");
    oldestInFlight =
        meter.gauge(
            "ingest_oldest_inflight_seconds",
            "Since when the oldest unsettled message is; 0 if there is none.",
            "topic");
    watermark =
        meter.gauge(
            "ingest_watermark_timestamp_seconds",
            "Publish time up to which everything received is settled.",
            "topic");
    visible = meter.gauge("sqs_visible", "Messages that wait in the queue.", "topic");
    inFlight = meter.gauge("sqs_inflight", "Messages received by somebody.", "topic");
    delayed = meter.gauge("sqs_delayed", "Messages not to be received yet.", "topic");
    deadLetters =
        meter.gauge("sqs_dlq_visible", "Messages in the queue's dead-letter queue.", "topic");
    lag = meter.gauge("kafka_lag", "Records that the group has not committed.", "topic");
    openLetters =
        meter.gauge(
            "ingest_dead_letters_open",
            "Dead letters that nobody did anything about, up to 1,000 of a topic and reason.",
            "topic",
            "reason");
    oldestLetter =
        meter.gauge(
            "ingest_dead_letters_oldest_seconds",
            "How long the oldest dead letter that nobody did anything about is there.",
            "topic");
  }

  void measured(LoopsMeasured e) {
    Map<String, List<LoopState>> byTopic =
        e.loops().stream().collect(Collectors.groupingBy(loop -> topics.of(loop.topic())));
    byTopic.forEach((topic, loops) -> measured(topic, loops, e));
  }

  private void measured(String topic, List<LoopState> loops, LoopsMeasured e) {
    Map<String, Moment> received = new HashMap<>();
    for (LoopState loop : loops) {
      if (loop.lastReceive() != null) {
        received.merge(loop.source().label(), loop.lastReceive(), TopicMetrics::earlier);
      }
    }
    received.forEach(
        (source, when) ->
            lastReceive
                .labelValues(source, topic)
                .set(e.at().minus(when.until(e.now())).toEpochMilli() / 1e3));

    Moment oldest = of(loops, LoopState::oldestReceived, TopicMetrics::earlier);
    oldestInFlight
        .labelValues(topic)
        .set(oldest == null ? 0 : oldest.until(e.now()).toMillis() / 1e3);

    Instant unsettled = of(loops, LoopState::oldestPublished, TopicMetrics::earlier);
    Instant settled = of(loops, LoopState::newestSettled, TopicMetrics::later);
    Instant mark = unsettled != null ? unsettled : settled;
    if (mark != null) {
      watermark.labelValues(topic).set(mark.toEpochMilli() / 1e3);
    }
  }

  private static <T> @Nullable T of(
      List<LoopState> loops, Function<LoopState, @Nullable T> time, BinaryOperator<T> choice) {
    T chosen = null;
    for (LoopState loop : loops) {
      T next = time.apply(loop);
      if (next != null) {
        chosen = chosen == null ? next : choice.apply(chosen, next);
      }
    }
    return chosen;
  }

  private static <T extends Comparable<T>> T earlier(T left, T right) {
    return left.compareTo(right) < 0 ? left : right;
  }

  private static <T extends Comparable<T>> T later(T left, T right) {
    return left.compareTo(right) < 0 ? right : left;
  }

  /** What is not known any more is absent: an old number would look like a good one. */
  void measured(BacklogsMeasured e) {
    Map<String, Backlog> byLabel = new HashMap<>();
    e.byTopic()
        .forEach((topic, backlog) -> byLabel.merge(topics.of(topic), backlog, Backlog::plus));
    Set<String> gone = new HashSet<>(known);
    gone.removeAll(byLabel.keySet());
    for (String topic : gone) {
      visible.remove(topic);
      inFlight.remove(topic);
      delayed.remove(topic);
      deadLetters.remove(topic);
    }
    byLabel.forEach(this::measured);
    known = Set.copyOf(byLabel.keySet());
  }

  /** The same for topics of Kafka. */
  void measured(LagsMeasured e) {
    Map<String, Long> byLabel = new HashMap<>();
    e.byTopic().forEach((topic, records) -> byLabel.merge(topics.of(topic), records, Long::sum));
    lagging.stream().filter(topic -> !byLabel.containsKey(topic)).forEach(lag::remove);
    byLabel.forEach((topic, records) -> lag.labelValues(topic).set((double) records));
    lagging = Set.copyOf(byLabel.keySet());
  }

  /** The same for dead letters; a reason that no version knows is none for a label. */
  void measured(LettersMeasured e) {
    Map<List<String>, Long> counts = new HashMap<>();
    Map<String, Instant> oldest = new HashMap<>();
    for (OpenLetters letters : e.open()) {
      String topic = topics.of(letters.topic());
      String reason = REASONS.contains(letters.reason()) ? letters.reason() : TopicLabel.OTHER;
      counts.merge(List.of(topic, reason), letters.count(), Long::sum);
      oldest.merge(topic, letters.oldest(), TopicMetrics::earlier);
    }
    for (List<String> gone : open) {
      if (!counts.containsKey(gone)) {
        openLetters.remove(gone.get(0), gone.get(1));
      }
      if (!oldest.containsKey(gone.getFirst())) {
        oldestLetter.remove(gone.getFirst());
      }
    }
    counts.forEach(
        (labels, count) ->
            openLetters.labelValues(labels.get(0), labels.get(1)).set((double) count));
    oldest.forEach(
        (topic, since) ->
            oldestLetter
                .labelValues(topic)
                .set(Math.max(0, Duration.between(since, e.at()).toMillis()) / 1e3));
    open = Set.copyOf(counts.keySet());
  }

  private void measured(String topic, Backlog backlog) {
    visible.labelValues(topic).set((double) backlog.visible());
    inFlight.labelValues(topic).set((double) backlog.inFlight());
    delayed.labelValues(topic).set((double) backlog.delayed());
    if (backlog.deadLetters() == null) {
      deadLetters.remove(topic);
    } else {
      deadLetters.labelValues(topic).set(backlog.deadLetters());
    }
  }
}
