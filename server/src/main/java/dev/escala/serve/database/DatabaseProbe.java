package dev.escala.serve.database;

import dev.escala.observe.HealthProbe;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Asks a database through the serving path, over a connection of its own. */
public final class DatabaseProbe implements HealthProbe {
  private static final String VITALS =
      """
      SELECT pg_catalog.pg_postmaster_start_time(), pg_catalog.now(),
             pg_catalog.pg_is_in_recovery()\
      """;
  private static final Duration PATIENCE = Duration.ofMillis(1_900);

  private final String database;
  private final Supplier<DatabaseReads> reads;

  /** What the database says of itself, and how long it took to say so. */
  public record Vitals(Duration latency, Instant startedAt, Duration up, boolean inRecovery) {
    static Vitals of(Row row, Duration latency) {
      Instant startedAt = row.getOffsetDateTime(0).toInstant();
      Instant now = row.getOffsetDateTime(1).toInstant();
      return new Vitals(latency, startedAt, Duration.between(startedAt, now), row.getBoolean(2));
    }
  }

  public DatabaseProbe(String database, Supplier<DatabaseReads> reads) {
    this.database = database;
    this.reads = reads;
  }

  @Override
  public String name() {
    return "database " + database;
  }

  /** Fails where there is no answer in time. */
  public CompletableFuture<Vitals> look() {
    DatabaseReads serving = reads.get();
    CompletableFuture<Vitals> vitals = new CompletableFuture<>();
    long startedNanos = System.nanoTime();
    serving
        .context()
        .runOnContext(
            ignored ->
                serving
                    .probe()
                    .preparedQuery(VITALS)
                    .execute()
                    .onSuccess(
                        rows ->
                            vitals.complete(
                                Vitals.of(
                                    rows.iterator().next(),
                                    Duration.ofNanos(System.nanoTime() - startedNanos))))
                    .onFailure(vitals::completeExceptionally));
    return vitals.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public CompletionStage<Report> check() {
    return look()
        .thenCombine(away(), (vitals, away) -> report(vitals, away, reads.get()))
        .exceptionally(
            failure ->
                new Report(Status.CRITICAL, Map.of("error", "the database does not answer")));
  }

  /** The workers of Citus that do not answer, or why that is not known. */
  private CompletableFuture<List<String>> away() {
    DatabaseReads serving = reads.get();
    CompletableFuture<List<String>> away = new CompletableFuture<>();
    serving
        .context()
        .runOnContext(
            ignored ->
                CitusWorkers.away(serving.probe())
                    .onSuccess(away::complete)
                    .onFailure(away::completeExceptionally));
    return away.completeOnTimeout(
            List.of("not known in time"), PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(failure -> List.of("not known"));
  }

  private static Report report(Vitals vitals, List<String> away, DatabaseReads reads) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("latency_ms", vitals.latency().toMillis());
    details.put("started_at", vitals.startedAt().toString());
    details.put("up_seconds", vitals.up().toSeconds());
    details.put("in_recovery", vitals.inRecovery());
    Status status = Status.of(vitals.latency());
    reads.lag().ifPresent(lag -> details.put("replica_lag_ms", lag.toMillis()));
    if (reads.isBehind()) {
      details.put("replica", "is behind for longer than max-lag: reads are refused");
      status = Status.CRITICAL;
    }
    if (reads.isAway()) {
      details.put("servers", "none that answers is what target-server-type asks for");
      status = Status.CRITICAL;
    }
    if (!away.isEmpty()) {
      // Rows of the others are read, and a load balancer must not take the server away for it.
      details.put("workers_away", String.join(", ", away));
      status = status.orWorse(Status.WARN);
    }
    List<Integer> outlived = reads.outlived();
    if (!outlived.isEmpty()) {
      details.put("abandoned_statements", outlived.size());
      details.put(
          "to_terminate", outlived.stream().map(String::valueOf).collect(Collectors.joining(", ")));
      status = status.orWorse(Status.WARN);
    }
    String misfits =
        reads.keeper().current().map(CatalogKeeper.Loaded::troubles).orElse(List.of()).stream()
            .filter(trouble -> !trouble.isEarly())
            .map(QueryTrouble::query)
            .collect(Collectors.joining(", "));
    if (!misfits.isEmpty()) {
      details.put("misfitting_queries", misfits);
      status = status.orWorse(Status.WARN);
    }
    return new Report(status, details);
  }
}
