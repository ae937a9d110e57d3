package dev.escala.ingest;

import dev.escala.model.Backlog;
import dev.escala.model.ReturnReason;
import dev.escala.observe.HealthProbe;
import dev.escala.observe.Observation.LoopState;
import dev.escala.source.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
  private final Supplier<Optional<Instant>> tableLocked;
  private final Set<Batch> unsettled = ConcurrentHashMap.newKeySet();
  private final AtomicReference<@Nullable Instant> newestSettled = new AtomicReference<>();
  private volatile @Nullable Instant lastReceived;
  private volatile @Nullable Instant lastSettled;
  private volatile @Nullable Backlog backlog;

  IngestHealth(Source source, Breaker breaker, Supplier<Optional<Instant>> tableLocked) {
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
    lastSettled = Instant.now();
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

  private static @Nullable Instant earliest(List<Batch> batches, Function<Batch, Instant> time) {
    return batches.stream().map(time).min(Instant::compareTo).orElse(null);
  }

  @Override
  public String name() {
    return "source " + source.kind().label() + " " + source.topic();
  }

  @Override
  public CompletionStage<Report> check() {
    LoopState state = state();
    Breaker.State intake = breaker.state();
    Optional<Instant> locked = tableLocked.get();
    // After what is looked at, so that nothing has been going on since a time to come.
    Instant now = Instant.now();
    Map<String, Object> details = new LinkedHashMap<>();
    put(details, "last_answer_seconds_ago", state.lastReceive(), now);
    put(details, "last_received_seconds_ago", lastReceived, now);
    put(details, "last_settled_seconds_ago", lastSettled, now);
    put(details, "oldest_unsettled_seconds", state.oldestReceived(), now);
    Instant watermark =
        state.oldestPublished() == null ? state.newestSettled() : state.oldestPublished();
    put(details, "watermark_seconds_ago", watermark, now);
    List<Status> statuses = new ArrayList<>();
    statuses.add(status(state.oldestReceived(), now));
    statuses.add(outage(details, intake, state.lastReceive(), now));
    statuses.add(tableChange(details, locked, now));
    statuses.add(backlog(details));
    return CompletableFuture.completedFuture(
        new Report(statuses.stream().reduce(Status.OK, Status::orWorse), details));
  }

  /** While intake is paused the origin is not asked, which then proves nothing. */
  private static Status outage(
      Map<String, Object> details, Breaker.State intake, @Nullable Instant answer, Instant now) {
    Breaker.Outage outage = intake.outage();
    details.put("paused", outage != null);
    if (outage == null) {
      Instant open = intake.openSince();
      Instant heard = answer == null || answer.isBefore(open) ? open : answer;
      return status(heard.plus(LONGEST_POLL), now);
    }
    details.put("paused_reason", outage.reason().label());
    put(details, "paused_seconds", outage.since(), now);
    if (outage.shortage() != null) {
      details.put("cause", outage.shortage().cause());
      details.put("hint", outage.shortage().hint());
    }
    return status(outage, now);
  }

  /** What a person wrote into the configuration of one topic does not stop the others. */
  static Status status(Breaker.Outage outage, Instant now) {
    return outage.reason() == ReturnReason.TABLE_MISCONFIGURED
        ? Status.WARN
        : status(outage.since(), now).orWorse(Status.WARN);
  }

  /** Some messages come back for it, all others are stored. */
  private static Status tableChange(
      Map<String, Object> details, Optional<Instant> locked, Instant now) {
    put(details, "table_change_waits_seconds", locked.orElse(null), now);
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

  private static Status status(@Nullable Instant since, Instant now) {
    Duration age = since == null ? Duration.ZERO : Duration.between(since, now);
    if (age.compareTo(CRITICAL_AFTER) > 0) {
      return Status.CRITICAL;
    }
    return age.compareTo(WARN_AFTER) > 0 ? Status.WARN : Status.OK;
  }

  private static void put(
      Map<String, Object> details, String name, @Nullable Instant since, Instant now) {
    if (since != null) {
      details.put(name, Duration.between(since, now).toMillis() / 1000.0);
    }
  }
}
