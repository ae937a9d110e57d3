package dev.escala.canary;

import dev.escala.model.Moment;
import dev.escala.observe.HealthProbe;
import dev.escala.observe.Observation;
import dev.escala.observe.Observation.CanaryDuplicated;
import dev.escala.observe.Observation.CanaryLate;
import dev.escala.observe.Observation.CanaryLost;
import dev.escala.observe.Observation.CanaryMismatched;
import dev.escala.observe.Observation.CanaryPublishFailed;
import dev.escala.observe.Observation.CanaryPublished;
import dev.escala.observe.Observation.CanaryServed;
import dev.escala.observe.Observation.CanarySign;
import dev.escala.observe.Observation.CanaryStarted;
import dev.escala.observe.Observation.CanaryStored;
import dev.escala.observe.Observer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How the canary of one topic is, going by what it reports of itself. */
final class CanaryHealth implements HealthProbe, Observer {
  /** A loss is no state that ends; it is shown for so long. */
  private static final Duration REMEMBERED = Duration.ofMinutes(5);

  private final String topic;
  private final CanarySettings settings;
  private final Supplier<Moment> now;
  private final Moment since;

  // Guarded by this.
  private long published;
  private long stored;
  private long served;
  private long lost;
  private long mismatched;
  private @Nullable Moment lastSuccess;
  private @Nullable Duration lastTotal;
  private @Nullable Moment lastHarm;
  private @Nullable String refused;

  CanaryHealth(String topic, CanarySettings settings) {
    this(topic, settings, Moment::now);
  }

  CanaryHealth(String topic, CanarySettings settings, Supplier<Moment> now) {
    this.topic = topic;
    this.settings = settings;
    this.now = now;
    this.since = now.get();
  }

  @Override
  public void observed(Observation observation) {
    if (observation instanceof CanarySign sign) {
      count(sign);
    }
  }

  private synchronized void count(CanarySign sign) {
    switch (sign) {
      case CanaryPublished _ -> {
        published++;
        refused = null;
      }
      case CanaryPublishFailed e -> refused = e.detail();
      case CanaryStored _, CanaryLate _ -> stored++;
      case CanaryServed e -> {
        served++;
        lastSuccess = now.get();
        lastTotal = e.total();
      }
      case CanaryLost _ -> {
        lost++;
        lastHarm = now.get();
      }
      case CanaryMismatched _ -> {
        mismatched++;
        lastHarm = now.get();
      }
      case CanaryStarted _, CanaryDuplicated _ -> {}
    }
  }

  @Override
  public String name() {
    return "canary " + topic;
  }

  @Override
  public synchronized CompletionStage<Report> check() {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("published", published);
    details.put("stored", stored);
    details.put("served", served);
    details.put("lost", lost);
    details.put("mismatched", mismatched);
    if (lastSuccess != null) {
      details.put("last_success_seconds_ago", lastSuccess.until(now.get()).toMillis() / 1000.0);
    }
    if (lastTotal != null) {
      details.put("last_total_ms", lastTotal.toMillis());
    }
    if (refused != null) {
      details.put("error", "its markers are not published");
    }
    return CompletableFuture.completedFuture(new Report(status(), details));
  }

  private Status status() {
    if (lastHarm != null && lastHarm.until(now.get()).compareTo(REMEMBERED) < 0) {
      return Status.CRITICAL;
    }
    Duration age = (lastSuccess == null ? since : lastSuccess).until(now.get());
    if (age.compareTo(settings.patience().plus(settings.every())) > 0) {
      return Status.CRITICAL;
    }
    if (refused != null || age.compareTo(settings.every().multipliedBy(3)) > 0) {
      return Status.WARN;
    }
    return lastSuccess == null ? Status.UNKNOWN : Status.OK;
  }
}
