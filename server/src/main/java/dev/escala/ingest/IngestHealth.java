package dev.escala.ingest;

import dev.escala.model.Backlog;
import dev.escala.model.LoopState;
import dev.escala.model.Moment;
import dev.escala.model.ReturnReason;
import dev.escala.observe.HealthProbe;
import dev.escala.source.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Whether a loop receives and settles; no messages for a while are no trouble. */
final class IngestHealth implements HealthProbe {
  private static final Duration WARN_AFTER = Duration.ofSeconds(10);
  private static final Duration CRITICAL_AFTER = Duration.ofSeconds(60);

  /** The longest that an origin may take to answer that it has nothing. */
  private static final Duration LONGEST_POLL = Duration.ofSeconds(20);

  private final Source source;
  private final Breaker breaker;
  private final Supplier<Optional<Moment>> tableLocked;
  private final Set<Batch> unsettled = ConcurrentHashMap.newKeySet();
  private final AtomicReference<@Nullable Instant> newestSettled = new AtomicReference<>();
  private volatile @Nullable Moment lastReceived;
  private volatile @Nullable Moment lastSettled;
  private volatile @Nullable Backlog backlog;

  IngestHealth(Source source, Breaker breaker, Supplier<Optional<Moment>> tableLocked) {
    this.source = source;
    this.breaker = breaker;
    this.tableLocked = tableLocked;
  }

  void received(Batch batch) {
    lastReceived = batch.receivedAt();
    unsettled.add(batch);
  }

  /** A message that was published then is a row or a dead letter. */
  void kept(Instant published) {
    newestSettled.accumulateAndGet(
        published, (known, next) -> known != null && known.isAfter(next) ? known : next);
  }

  void settled(Batch batch) {
    unsettled.remove(batch);
    lastSettled = Moment.now();
  }

  /** Asks the origin, and keeps what it says for the next check. */
  Optional<Backlog> measureBacklog() {
    Optional<Backlog> measured = source.backlog();
    backlog = measured.orElse(null);
    return measured;
  }

  LoopState state() {
    List<Batch> open = List.copyOf(unsettled);
    return new LoopState(
        source.kind(),
        source.topic(),
        source.lastReceive().orElse(null),
        earliest(open, Batch::receivedAt),
        earliest(open, Batch::oldestPublished),
        newestSettled.get());
  }

  private static <T extends Comparable<T>> @Nullable T earliest(
      List<Batch> batches, Function<Batch, T> time) {
    return batches.stream().map(time).min(Comparator.naturalOrder()).orElse(null);
  }

  @Override
  public String name() {
    return "source " + source.kind().label() + " " + source.topic();
  }

  @Override
  public CompletionStage<Report> check() {
    LoopState state = state();
    Breaker.State intake = breaker.state();
    Optional<Moment> locked = tableLocked.get();
    Map<String, Object> details = new LinkedHashMap<>();
    put(details, "last_answer_seconds_ago", state.lastReceive());
    put(details, "last_received_seconds_ago", lastReceived);
    put(details, "last_settled_seconds_ago", lastSettled);
    put(details, "oldest_unsettled_seconds", state.oldestReceived());
    Instant watermark =
        state.oldestPublished() == null ? state.newestSettled() : state.oldestPublished();
    if (watermark != null) {
      put(details, "watermark_seconds_ago", Duration.between(watermark, Instant.now()));
    }
    Moment oldest = state.oldestReceived();
    List<Status> statuses = new ArrayList<>();
    statuses.add(oldest == null ? Status.OK : status(oldest.age()));
    statuses.add(outage(details, intake, state.lastReceive()));
    statuses.add(tableChange(details, locked));
    statuses.add(backlog(details));
    return CompletableFuture.completedFuture(
        new Report(statuses.stream().reduce(Status.OK, Status::orWorse), details));
  }

  /** While intake is paused the origin is not asked, which then proves nothing. */
  private static Status outage(
      Map<String, Object> details, Breaker.State intake, @Nullable Moment answer) {
    Breaker.Outage outage = intake.outage();
    details.put("paused", outage != null);
    if (outage == null) {
      Moment open = intake.openSince();
      Moment heard = answer != null && answer.isAfter(open) ? answer : open;
      return status(heard.age().minus(LONGEST_POLL));
    }
    details.put("paused_reason", outage.reason().label());
    put(details, "paused_seconds", outage.since());
    if (outage.shortage() != null) {
      details.put("cause", outage.shortage().cause());
      details.put("hint", outage.shortage().hint());
    }
    return status(outage);
  }

  /** What a person wrote into the configuration of one topic does not stop the others. */
  static Status status(Breaker.Outage outage) {
    return outage.reason() == ReturnReason.TABLE_MISCONFIGURED
        ? Status.WARN
        : status(outage.since().age()).orWorse(Status.WARN);
  }

  /** Some messages come back for it, all others are stored. */
  private static Status tableChange(Map<String, Object> details, Optional<Moment> locked) {
    put(details, "table_change_waits_seconds", locked.orElse(null));
    return locked.isPresent() ? Status.WARN : Status.OK;
  }

  private Status backlog(Map<String, Object> details) {
    Backlog waiting = backlog;
    if (waiting == null) {
      return Status.OK;
    }
    details.put("waiting", waiting.visible());
    Long deadLetters = waiting.deadLetters();
    if (deadLetters == null) {
      return Status.OK;
    }
    details.put("dead_letter_queue", deadLetters);
    return deadLetters > 0 ? Status.WARN : Status.OK;
  }

  private static Status status(Duration age) {
    if (age.compareTo(CRITICAL_AFTER) > 0) {
      return Status.CRITICAL;
    }
    return age.compareTo(WARN_AFTER) > 0 ? Status.WARN : Status.OK;
  }

  private static void put(Map<String, Object> details, String name, @Nullable Moment since) {
    if (since != null) {
      put(details, name, since.age());
    }
  }

  private static void put(Map<String, Object> details, String name, Duration age) {
    details.put(name, age.toMillis() / 1000.0);
  }
}
