package dev.escala.ops;

import dev.escala.observe.HealthProbe;
import dev.escala.observe.Observation.ApiLost;
import dev.escala.observe.Observation.ApiProbed;
import dev.escala.observe.Observation.ApiRegained;
import dev.escala.observe.Observer;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Whether the API answers who asks from outside, as the last look found it. */
public final class ApiProbe implements HealthProbe {
  private final PublicApi api;
  private final Question question;
  private final Observer observer;
  private final LongSupplier nanos;
  private volatile @Nullable Look last;

  // Only touched by the thread that looks.
  private boolean lost;
  private long lostNanos;

  private record Look(boolean answered, Duration took, long atNanos) {}

  /** What is asked, and what is no answer to it. */
  @FunctionalInterface
  public interface Question {
    /** What is wrong with the answer, in a few words; empty if nothing is. */
    String trouble(PublicApi api) throws IOException;
  }

  /** Asks whether the process answers at all. */
  public ApiProbe(PublicApi api, Observer observer) {
    this(api, ApiProbe::ping, observer, System::nanoTime);
  }

  /** Asks something else. */
  public ApiProbe(PublicApi api, Question question, Observer observer) {
    this(api, question, observer, System::nanoTime);
  }

  ApiProbe(PublicApi api, Question question, Observer observer, LongSupplier nanos) {
    this.api = api;
    this.question = question;
    this.observer = observer;
    this.nanos = nanos;
  }

  /** One look; always from the same thread. */
  public void look() {
    long startedNanos = nanos.getAsLong();
    String trouble = trouble();
    Duration took = Duration.ofNanos(nanos.getAsLong() - startedNanos);
    if (Thread.currentThread().isInterrupted()) {
      return; // what was broken off says nothing about the API
    }
    boolean answered = trouble.isEmpty();
    last = new Look(answered, took, nanos.getAsLong());
    observer.observed(new ApiProbed(answered, took));
    if (answered && lost) {
      lost = false;
      observer.observed(
          new ApiRegained(api.base().toString(), Duration.ofNanos(nanos.getAsLong() - lostNanos)));
    } else if (!answered && !lost) {
      lost = true;
      lostNanos = startedNanos;
      observer.observed(new ApiLost(api.base().toString(), trouble));
    }
  }

  static String ping(PublicApi api) throws IOException {
    PublicApi.Answer answer = api.get("/ping", Map.of());
    return answer.isOk() ? "" : "status " + answer.status();
  }

  private String trouble() {
    try {
      return question.trouble(api);
    } catch (IOException failure) {
      return String.valueOf(failure.getMessage());
    }
  }

  @Override
  public String name() {
    return "probe";
  }

  @Override
  public CompletionStage<Report> check() {
    Look look = last;
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("url", api.base().toString());
    if (look == null) {
      return CompletableFuture.completedFuture(new Report(Status.UNKNOWN, details));
    }
    details.put("latency_ms", look.took().toMillis());
    details.put(
        "seconds_ago", Duration.ofNanos(nanos.getAsLong() - look.atNanos()).toMillis() / 1e3);
    if (!look.answered()) {
      details.put("error", "no answer");
    }
    return CompletableFuture.completedFuture(
        new Report(look.answered() ? Status.of(look.took()) : Status.CRITICAL, details));
  }
}
