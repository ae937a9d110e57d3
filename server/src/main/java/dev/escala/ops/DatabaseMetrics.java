package dev.escala.ops;

import dev.escala.observe.Observation.DatabaseAnswered;
import dev.escala.observe.Observation.DatabaseUnanswered;
import dev.escala.observe.Observation.ReadServersChosen;
import dev.escala.observe.Observation.ReplicaCompared;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;

/** How the databases answer their checks. */
final class DatabaseMetrics {
  private final Counter checks;
  private final Gauge up;
  private final Gauge ping;
  private final Gauge start;
  private final Gauge inRecovery;
  private final Gauge lag;
  private final Gauge readServers;
  private final Gauge leftOut;
  private final Counter repeated;
  private final Gauge outlived;

  DatabaseMetrics(Meter meter) {
    checks =
        meter.counter(
            "db_checks_total",
            "Looks at the database, made every few seconds.",
            "database",
            "role",
            "result");
    up = meter.gauge("db_up", "1 if the database answered the last check.", "database", "role");
    ping =
        meter.gauge(
            "db_ping_duration_seconds",
            "How long the last check took; absent while there is no answer.",
            "database",
            "role");
    start =
        meter.gauge(
            "db_postmaster_start_time_seconds",
            "When the database server started.",
            "database",
            "role");
    inRecovery =
        meter.gauge("db_in_recovery", "1 if the database is a replica.", "database", "role");
    lag =
        meter.gauge(
            "db_replica_lag_seconds",
            "What was committed longer ago is read from the replica; absent without max-lag.",
            "database");
    readServers =
        meter.gauge(
            "db_read_servers",
            "Servers that are read from; absent where there is one to choose from.",
            "database");
    leftOut =
        meter.gauge(
            "db_read_servers_left_out",
            "Servers that are named for reads and are away, or too far behind.",
            "database");
    repeated =
        meter.counter(
            "db_reads_repeated_total",
            "Reads that were made once more: they met a conflict, or their server went away.",
            "database");
    outlived =
        meter.gauge(
            "db_abandoned_statements",
            "Statements that go on though they were cancelled; absent until there was one.",
            "database");
  }

  void answered(DatabaseAnswered e) {
    String role = e.role().label();
    count(e.database(), role, true);
    ping.labelValues(e.database(), role).set(e.latency().toNanos() / 1e9);
    start.labelValues(e.database(), role).set(e.startedAt().toEpochMilli() / 1e3);
    inRecovery.labelValues(e.database(), role).set(e.inRecovery() ? 1 : 0);
  }

  void compared(ReplicaCompared e) {
    lag.labelValues(e.database()).set(e.lag().toNanos() / 1e9);
  }

  void unanswered(DatabaseUnanswered e) {
    count(e.database(), e.role().label(), false);
    ping.remove(e.database(), e.role().label());
  }

  void chosen(ReadServersChosen e) {
    readServers.labelValues(e.database()).set(e.servers().size());
    leftOut.labelValues(e.database()).set(e.leftOut().size());
  }

  void repeated(String database) {
    repeated.labelValues(database).inc();
  }

  void outlived(String database, int now) {
    outlived.labelValues(database).set(now);
  }

  private void count(String database, String role, boolean ok) {
    checks.labelValues(database, role, "ok").inc(ok ? 1 : 0);
    checks.labelValues(database, role, "failed").inc(ok ? 0 : 1);
    up.labelValues(database, role).set(ok ? 1 : 0);
  }
}
