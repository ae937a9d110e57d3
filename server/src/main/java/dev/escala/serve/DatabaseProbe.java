package dev.escala.serve;

import dev.escala.observe.HealthProbe;
import dev.escala.observe.Observation;
import dev.escala.observe.Observer;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Asks a database over the same connections as the requests. */
final class DatabaseProbe implements HealthProbe {
  private static final String STARTED =
      "SELECT pg_catalog.pg_postmaster_start_time(), pg_catalog.now()";
  private static final Duration SLOW = Duration.ofMillis(200);
  private static final Duration TOO_SLOW = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofMillis(1_900);

  private final String database;
  private final Supplier<DatabaseReads> reads;
  private final Observer observer;

  DatabaseProbe(String database, Supplier<DatabaseReads> reads, Observer observer) {
    this.database = database;
    this.reads = reads;
    this.observer = observer;
  }

  @Override
  public String name() {
    return "database " + database;
  }

  @Override
  public CompletionStage<Report> check() {
    DatabaseReads serving = reads.get();
    CompletableFuture<Report> report = new CompletableFuture<>();
    long startedNanos = System.nanoTime();
    serving
        .context()
        .runOnContext(
            ignored ->
                serving
                    .pipelined()
                    .preparedQuery(STARTED)
                    .execute()
                    .onSuccess(
                        rows -> report.complete(answered(rows.iterator().next(), startedNanos)))
                    .onFailure(report::completeExceptionally));
    return report
        .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(this::unanswered);
  }

  private Report answered(Row row, long startedNanos) {
    Duration latency = Duration.ofNanos(System.nanoTime() - startedNanos);
    Instant startedAt = row.getOffsetDateTime(0).toInstant();
    observer.observed(new Observation.DatabaseAnswered(database, latency, startedAt));
    long upSeconds = Duration.between(startedAt, row.getOffsetDateTime(1).toInstant()).toSeconds();
    Status status =
        latency.compareTo(TOO_SLOW) > 0
            ? Status.CRITICAL
            : latency.compareTo(SLOW) > 0 ? Status.WARN : Status.OK;
    return new Report(
        status,
        Map.of(
            "latency_ms",
            latency.toMillis(),
            "started_at",
            startedAt.toString(),
            "up_seconds",
            upSeconds));
  }

  private Report unanswered(Throwable failure) {
    String detail = String.valueOf(failure.getMessage());
    observer.observed(new Observation.DatabaseUnanswered(database, detail));
    return new Report(Status.CRITICAL, Map.of("error", "the database does not answer"));
  }
}
