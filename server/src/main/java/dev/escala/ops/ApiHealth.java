package dev.escala.ops;

import dev.escala.observe.HealthProbe;
import dev.escala.observe.Observation;
import dev.escala.observe.Observation.RequestServed;
import dev.escala.observe.Observer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How the API answers: percentiles of the reads of the last minute. Above 200 ms at the 99th is a
 * warning and never more, since one client that reads a large answer slowly proves nothing: what is
 * critical is decided by the read that each database's own probe makes.
 */
public final class ApiHealth implements HealthProbe, Observer {
  private static final int REMEMBERED = 4096;
  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final int WARN_MILLIS = 200;
  private static final int FEW_READS = 20;
  private static final String READS = "/{database}/{relation}";

  /**
   * Each entry: the millisecond of the answer since start in the upper, its duration in the lower
   * half.
   */
  private final AtomicLongArray answers = new AtomicLongArray(REMEMBERED);

  private final AtomicInteger next = new AtomicInteger();
  private final long startNanos = System.nanoTime();

  @Override
  public void observed(Observation observation) {
    if (observation instanceof RequestServed served && served.route().equals(READS)) {
      int slot = Math.floorMod(next.getAndIncrement(), REMEMBERED);
      long millis = Math.min(Integer.MAX_VALUE, served.duration().toMillis());
      answers.set(slot, (nowMillis() << 32) | millis);
    }
  }

  @Override
  public String name() {
    return "api";
  }

  @Override
  public CompletionStage<Report> check() {
    long[] recent = recent();
    if (recent.length == 0) {
      return CompletableFuture.completedFuture(
          new Report(Status.OK, Map.of("reads_last_minute", 0)));
    }
    long p99 = recent[(int) Math.ceil(recent.length * 0.99) - 1];
    Status status = recent.length >= FEW_READS && p99 > WARN_MILLIS ? Status.WARN : Status.OK;
    return CompletableFuture.completedFuture(
        new Report(
            status,
            Map.of(
                "reads_last_minute",
                recent.length,
                "p50_ms",
                recent[(recent.length - 1) / 2],
                "p99_ms",
                p99)));
  }

  /** Durations in milliseconds, sorted. */
  private long[] recent() {
    long oldest = nowMillis() - WINDOW.toMillis();
    long[] durations = new long[REMEMBERED];
    int n = 0;
    for (int i = 0; i < REMEMBERED; i++) {
      long entry = answers.get(i);
      if (entry != 0 && entry >>> 32 >= oldest) {
        durations[n++] = entry & Integer.MAX_VALUE;
      }
    }
    long[] sorted = Arrays.copyOf(durations, n);
    Arrays.sort(sorted);
    return sorted;
  }

  private long nowMillis() {
    return 1 + (System.nanoTime() - startNanos) / 1_000_000;
  }
}
