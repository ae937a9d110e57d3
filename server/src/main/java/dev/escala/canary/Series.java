package dev.escala.canary;

import dev.escala.model.Backlog;
import dev.escala.observe.Observation.CanaryDuplicated;
import dev.escala.observe.Observation.CanaryLate;
import dev.escala.observe.Observation.CanaryLost;
import dev.escala.observe.Observation.CanaryMismatched;
import dev.escala.observe.Observation.CanaryServed;
import dev.escala.observe.Observation.CanaryStored;
import dev.escala.observe.Observer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What is known of each marker that was published to one topic, and what follows from it. Pure: is
 * told what was found, and when. Used by one thread.
 *
 * <p>A marker that is late may be held up: while the database does not answer, no time passes. It
 * is lost if the time is over and its origin has nothing left on the way, or if what was published
 * after it has been there for as long.
 */
final class Series {
  /** Markers that made the whole way and are still compared at each round. */
  private static final int COMPARED = 30;

  private static final long NEVER = Long.MIN_VALUE;

  private final String topic;
  private final CanarySettings settings;
  private final Observer observer;
  private final NavigableMap<Long, Trace> traces = new TreeMap<>();
  private long answeringNanos;
  private long lastAnswerNanos = NEVER;

  Series(String topic, CanarySettings settings, Observer observer) {
    this.topic = topic;
    this.settings = settings;
    this.observer = observer;
  }

  /** A marker was published: begun and taken at these times. */
  void published(Marker marker, long begunNanos, long takenNanos) {
    traces.put(marker.seq(), new Trace(marker, begunNanos, takenNanos, answeringNanos));
  }

  /** The database did not answer. */
  void unanswered() {
    lastAnswerNanos = NEVER;
  }

  /** All that the database has from a number on. */
  void found(long from, List<StoredMarker> rows, long nowNanos) {
    answeringNanos += lastAnswerNanos == NEVER ? 0 : nowNanos - lastAnswerNanos;
    lastAnswerNanos = nowNanos;
    Map<Long, StoredMarker> bySeq = new HashMap<>();
    rows.forEach(row -> bySeq.put(row.marker().seq(), row));
    for (Trace trace : traces.tailMap(from, true).values()) {
      StoredMarker row = bySeq.get(trace.seq());
      if (row != null) {
        found(trace, row, nowNanos);
      } else if (trace.isStored()) {
        mismatch(trace, "it is gone from the database");
      }
    }
  }

  private void found(Trace trace, StoredMarker row, long nowNanos) {
    if (!trace.isStored()) {
      Duration since = Duration.ofNanos(nowNanos - trace.takenNanos);
      observer.observed(
          trace.stage == Stage.LOST
              ? new CanaryLate(topic, trace.seq(), since)
              : new CanaryStored(topic, since));
      trace.stored(nowNanos, answeringNanos);
    }
    if (row.deliveries() > trace.deliveries) {
      observer.observed(
          new CanaryDuplicated(topic, trace.seq(), row.deliveries() - trace.deliveries));
      trace.deliveries = row.deliveries();
    }
    if (!row.marker().equals(trace.marker)) {
      mismatch(trace, "the database holds something else than was published");
    }
  }

  /** All that the API gives from a number on. */
  void given(long from, List<Marker> markers, long nowNanos) {
    Map<Long, Marker> bySeq = new HashMap<>();
    markers.forEach(marker -> bySeq.put(marker.seq(), marker));
    for (Trace trace : traces.tailMap(from, true).values()) {
      if (trace.isStored()) {
        Marker marker = bySeq.get(trace.seq());
        if (marker == null) {
          missing(trace);
        } else {
          given(trace, marker, nowNanos);
        }
      }
    }
  }

  /** What serves the API may lag behind, but not for long. */
  private void missing(Trace trace) {
    if (answeringNanos - trace.storedAnsweringNanos > settings.patience().toNanos()) {
      mismatch(trace, "the API does not give it, though the database has it");
    }
  }

  private void given(Trace trace, Marker marker, long nowNanos) {
    if (!marker.equals(trace.marker)) {
      mismatch(trace, "the API gives something else than was published");
    } else if (trace.stage == Stage.STORED && !trace.mismatched) {
      trace.stage = Stage.SERVED;
      observer.observed(
          new CanaryServed(
              topic,
              Duration.ofNanos(nowNanos - trace.storedNanos),
              Duration.ofNanos(nowNanos - trace.begunNanos),
              Instant.now()));
    }
  }

  /** Counted once a marker, however long it lasts. */
  private void mismatch(Trace trace, String detail) {
    if (!trace.mismatched) {
      trace.mismatched = true;
      observer.observed(new CanaryMismatched(topic, trace.seq(), detail));
    }
  }

  /** Gives up what cannot come any more; asks what is on the way only where that decides. */
  void judge(Supplier<Optional<Backlog>> onTheWay) {
    Optional<Backlog> asked = Optional.empty();
    boolean known = false;
    for (Trace trace : traces.values()) {
      if (trace.stage != Stage.SENT || !isOver(trace.sentAnsweringNanos)) {
        continue;
      }
      boolean overtaken = overtaken(trace);
      if (!overtaken && !known) {
        asked = onTheWay.get();
        known = true;
      }
      if (overtaken || asked.map(Backlog::isEmpty).orElse(false)) {
        trace.stage = Stage.LOST;
        observer.observed(
            new CanaryLost(
                topic, trace.seq(), Duration.ofNanos(answeringNanos - trace.sentAnsweringNanos)));
      }
    }
  }

  private boolean isOver(long sinceAnsweringNanos) {
    return answeringNanos - sinceAnsweringNanos > settings.patience().toNanos();
  }

  /** Queues do not keep the order exactly, but what came for so long has come before. */
  private boolean overtaken(Trace trace) {
    return traces.tailMap(trace.seq(), false).values().stream()
        .anyMatch(later -> later.isStored() && isOver(later.storedAnsweringNanos));
  }

  /** Forgets what needs no further look. */
  void forget(long nowNanos) {
    long served = traces.values().stream().filter(trace -> trace.stage == Stage.SERVED).count();
    long oldest = nowNanos - settings.keep().dividedBy(2).toNanos();
    for (Trace trace : List.copyOf(traces.values())) {
      boolean compared = trace.stage == Stage.SERVED && served > COMPARED;
      boolean old = trace.stage != Stage.SENT && trace.takenNanos - oldest < 0;
      if (compared || old) {
        traces.remove(trace.seq());
        served -= trace.stage == Stage.SERVED ? 1 : 0;
      }
    }
  }

  /** How many are published and not stored. */
  int open() {
    return (int) traces.values().stream().filter(trace -> trace.stage == Stage.SENT).count();
  }

  /** When the latest was published that did not make the whole way yet; empty: all others did. */
  Optional<Long> latestUnderWay() {
    return traces.descendingMap().values().stream()
        .filter(Trace::isUnderWay)
        .map(trace -> trace.takenNanos)
        .findFirst();
  }

  /** The first number that did not make the whole way yet; beyond the last one if there is none. */
  long firstUnderWay() {
    return traces.values().stream()
        .filter(Trace::isUnderWay)
        .map(Trace::seq)
        .findFirst()
        .orElse(Long.MAX_VALUE);
  }

  /** Whether a marker waits to be given by the API. */
  boolean awaitsApi() {
    return traces.values().stream().anyMatch(trace -> trace.isUnderWay() && trace.isStored());
  }

  /** The first number that is remembered. */
  long first() {
    return traces.isEmpty() ? Long.MAX_VALUE : traces.firstKey();
  }

  private enum Stage {
    SENT,
    STORED,
    SERVED,
    LOST
  }

  private static final class Trace {
    private final Marker marker;
    private final long begunNanos;
    private final long takenNanos;
    private final long sentAnsweringNanos;
    private Stage stage = Stage.SENT;
    private long storedNanos;
    private long storedAnsweringNanos;
    private int deliveries = 1;
    private boolean mismatched;

    Trace(Marker marker, long begunNanos, long takenNanos, long sentAnsweringNanos) {
      this.marker = marker;
      this.begunNanos = begunNanos;
      this.takenNanos = takenNanos;
      this.sentAnsweringNanos = sentAnsweringNanos;
    }

    long seq() {
      return marker.seq();
    }

    void stored(long nowNanos, long answeringNanos) {
      stage = Stage.STORED;
      storedNanos = nowNanos;
      storedAnsweringNanos = answeringNanos;
    }

    boolean isStored() {
      return stage == Stage.STORED || stage == Stage.SERVED;
    }

    boolean isUnderWay() {
      return stage == Stage.SENT || (stage == Stage.STORED && !mismatched);
    }
  }
}
