package dev.escala.dashboard;

import static dev.escala.dashboard.Color.CRITICAL;
import static dev.escala.dashboard.Color.OK;
import static dev.escala.dashboard.Color.TICKET;
import static dev.escala.dashboard.Color.WARN;

/** The databases of one system: do they answer, how fast, and what happened to them. */
final class DatabaseDashboard {
  private DatabaseDashboard() {}

  static Dashboard of(Bounds bounds, Links links) {
    return new Dashboard(
            Uid.DATABASE,
            "Whether the databases answer, how fast, since when they run, and who felt it.",
            links)
        .row("Now", "database.md", status(), up(), upTime(), role())
        .row("Answers", "database.md", ping(bounds), checks())
        .row("What happened", "database.md", restarts(), recovery(), transientErrors())
        .row("Replicas", "database.md", readServers(), replicaLag())
        .row("Who felt it", "database.md", flush(), paused(), catalog());
  }

  private static Panel status() {
    return Panel.of(
            Kind.STAT, "Status", "Above 200 ms warns; above 500 ms or no answer is critical.")
        .status()
        .target("max(system:database_status{@})", "databases")
        .size(6, 5);
  }

  private static Panel up() {
    return Panel.of(
            Kind.STAT,
            "Answering",
            "Share of the processes whose last check was answered. Between none and all: the way,"
                + " not the database.")
        .unit(Unit.RATIO)
        .base(CRITICAL)
        .step(0.01, WARN)
        .step(1, OK)
        .target("avg by (database) (db_up{@})", "{{database}}")
        .size(6, 5);
  }

  private static Panel upTime() {
    return Panel.of(Kind.STAT, "Up since", "When each server was started.")
        .unit(Unit.SINCE)
        .target("1000 * max by (database) (db_postmaster_start_time_seconds{@})", "{{database}}")
        .size(6, 5);
  }

  private static Panel role() {
    return Panel.of(
            Kind.STAT,
            "Replica",
            "1 where reads go to a replica. A change is a failover, wanted or not.")
        .target("max by (database) (db_in_recovery{@})", "{{database}}")
        .size(6, 5);
  }

  private static Panel ping(Bounds bounds) {
    return bounds
        .latencyLines(
            Panel.of(
                Kind.TIME_SERIES,
                "Ping",
                "A read through the serving path and its pool, by process. One process alone:"
                    + " look at it and its zone."))
        .unit(Unit.SECONDS)
        .target(
            "max by (database, instance) (db_ping_duration_seconds{@})",
            "{{database}} {{instance}}")
        .size(12, 9);
  }

  private static Panel checks() {
    return Panel.of(
            Kind.TIME_SERIES,
            "Checks by result",
            "One every 5 s from each process; failed ones are the events of the database SLO.")
        .unit(Unit.PER_SECOND)
        .stacked()
        .target(
            "sum by (database, result) (rate(db_checks_total{@}[$__rate_interval]))",
            "{{database}} {{result}}")
        .size(12, 9);
  }

  private static Panel readServers() {
    return Panel.of(
            Kind.TIME_SERIES,
            "Servers that are read",
            "Of those that read-url names. Who is left out is away or too far behind; one primary"
                + " is spared while standbys are read.")
        .target("min by (database) (db_read_servers{@})", "{{database}} read")
        .target("max by (database) (db_read_servers_left_out{@})", "{{database}} left out")
        .size(12, 8);
  }

  private static Panel replicaLag() {
    return Panel.of(
            Kind.TIME_SERIES,
            "Behind the primary",
            "What was committed longer ago is read. Absent without max-lag.")
        .unit(Unit.SECONDS)
        .target("max by (database) (db_replica_lag_seconds{@})", "{{database}}")
        .size(12, 8);
  }

  private static Panel restarts() {
    return Panel.of(
            Kind.TIME_SERIES,
            "Restarts in the last hour",
            "Changes of the server's start time. One is maintenance or a failover, several are a"
                + " crash loop or too little memory.")
        .step(1, WARN)
        .step(3, CRITICAL)
        .target(
            "max by (database) (changes(db_postmaster_start_time_seconds{@}[1h]))", "{{database}}");
  }

  private static Panel recovery() {
    return Panel.of(
            Kind.TIME_SERIES,
            "Changes of role in the last hour",
            "Primary to replica or back, as the read side sees it.")
        .step(1, WARN)
        .target("max by (database) (changes(db_in_recovery{@}[1h]))", "{{database}}");
  }

  private static Panel transientErrors() {
    return Panel.of(
            Kind.TIME_SERIES,
            "Times that rows could not be stored",
            "A minute, by class of SQLSTATE: 08 connection, 40 conflict, 53 resources, 57 shut"
                + " down, 58 system. The messages wait and are stored later.")
        .step(1, TICKET)
        .target(
            "60 * sum by (sqlstate_class)"
                + " (rate(ingest_db_transient_errors_total{@}[$__rate_interval])) or"
                + " label_replace(0 * count(escala_build_info{@}), \"sqlstate_class\", \"none\","
                + " \"\", \"\")",
            "{{sqlstate_class}}");
  }

  private static Panel flush() {
    return Panel.of(
            Kind.TIME_SERIES,
            "Time of a batch, p99",
            "Writing includes the commit; decoding and settling do not touch the database.")
        .unit(Unit.SECONDS)
        .target(
            "histogram_quantile(0.99, sum by (phase, le)"
                + " (rate(ingest_flush_seconds_bucket{@}[$__rate_interval])))",
            "{{phase}}");
  }

  private static Panel paused() {
    return Panel.of(
            Kind.TIME_SERIES,
            "Topics that are paused",
            "Intake stops while their rows cannot be stored; messages wait in the queue.")
        .step(1, CRITICAL)
        .target(
            "sum(max by (topic) (ingest_paused{@})) or 0 * count(escala_build_info{@})", "paused");
  }

  private static Panel catalog() {
    return Panel.of(
            Kind.TIME_SERIES,
            "Failed readings of the catalog",
            "In an hour. While it fails, new tables and columns are not served.")
        .step(1, TICKET)
        .target(
            "sum(increase(catalog_load_failures_total{@}[1h])) or 0 * count(escala_build_info{@})",
            "failed");
  }
}
