package dev.escala.ingest;

import dev.escala.observe.HealthProbe;
import dev.escala.source.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Whether a loop receives and settles; no messages for a while are no trouble. */
final class IngestHealth implements HealthProbe {
  private static final Duration WARN_AFTER = Duration.ofSeconds(10);
  private static final Duration CRITICAL_AFTER = Duration.ofSeconds(60);

  private final Source source;
  private final Breaker breaker;
  private final Set<Batch> unsettled = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Instant lastReceived;
  private volatile @Nullable Instant lastSettled;

  IngestHealth(Source source, Breaker breaker) {
    this.source = source;
    this.breaker = breaker;
  }

  void received(Batch batch) {
    lastReceived = batch.receivedAt();
    unsettled.add(batch);
  }

  void settled(Batch batch) {
    unsettled.remove(batch);
    lastSettled = Instant.now();
  }

  @Override
  public String name() {
    return "source " + source.kind().label() + " " + source.topic();
  }

  @Override
  public CompletionStage<Report> check() {
    Instant now = Instant.now();
    Map<String, Object> details = new LinkedHashMap<>();
    put(details, "last_received_seconds_ago", lastReceived, now);
    put(details, "last_settled_seconds_ago", lastSettled, now);
    Optional<Instant> oldest = unsettled.stream().map(Batch::receivedAt).min(Instant::compareTo);
    put(details, "oldest_unsettled_seconds", oldest.orElse(null), now);
    Status status = status(oldest.orElse(now), now);
    Optional<Breaker.Outage> outage = breaker.outage();
    details.put("paused", outage.isPresent());
    if (outage.isPresent()) {
      details.put("paused_reason", outage.get().reason().label());
      put(details, "paused_seconds", outage.get().since(), now);
      Status paused = status(outage.get().since(), now);
      status = paused == Status.CRITICAL ? paused : worse(status, Status.WARN);
    }
    return CompletableFuture.completedFuture(new Report(status, details));
  }

  private static Status worse(Status left, Status right) {
    return left.compareTo(right) > 0 ? left : right;
  }

  private static Status status(Instant since, Instant now) {
    Duration age = Duration.between(since, now);
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
