package dev.escala.slo;

import static dev.escala.slo.AlertTemplate.Severity.CRITICAL;
import static dev.escala.slo.AlertTemplate.Severity.WARNING;
import static dev.escala.slo.AlertTemplate.alert;

import dev.escala.slo.AlertTemplate.Severity;
import java.time.Duration;
import java.util.List;

/** The API answers, and how fast; the database answers, how fast, and since when. */
final class VitalAlerts {
  private static final Duration A_MINUTE = Duration.ofMinutes(1);
  private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);
  private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

  /**
   * What pages goes on until the fast budget's short window has forgotten it, and a group's
   * interval has passed: it holds back the budgets, which would otherwise call a second time for
   * what is over.
   */
  static final Duration LINGER = TEN_MINUTES;

  /**
   * A cause goes on for longer than what it explains: a topic takes a moment to go on after its
   * database does, and would else call when its cause is over.
   */
  private static final Duration LINGER_OF_CAUSE = Duration.ofMinutes(12);

  private VitalAlerts() {}

  static List<AlertTemplate> all() {
    return List.of(
        apiDown(),
        apiLatencyCritical(),
        apiLatencyHigh(),
        connectionsCut(),
        databaseDown(),
        databaseSlowCritical(),
        databaseSlow(),
        databaseRestarted(),
        statementsAbandoned(),
        systemSilent());
  }

  private static AlertTemplate api(Severity severity, String name, String expression) {
    return alert(severity, name, expression).ofVital("api").leadingTo("api", "escala-system");
  }

  private static AlertTemplate apiDown() {
    return api(CRITICAL, "ApiDown", "max by ({L}) (last_over_time(probe_success[2m])) == 0")
        .ofSlo("api_availability")
        .lasting(A_MINUTE)
        .lingering(LINGER)
        .saying(
            "The API does not answer.",
            "No question from outside has been answered by the API of {{ $labels.system }}"
                + " ({{ $labels.env }}, {{ $labels.region }}) for a minute.");
  }

  private static AlertTemplate apiLatencyCritical() {
    return api(CRITICAL, "ApiLatencyCritical", latency(Thresholds.TOO_SLOW, "500ms"))
        .ofSlo("api_latency_500ms")
        .lasting(FIVE_MINUTES)
        .lingering(LINGER)
        .saying(
            "One answer of the API in a hundred takes more than half a second.",
            "The 99th percentile of {{ $labels.system }} ({{ $labels.env }}, {{ $labels.region }})"
                + " is {{ $value | humanizeDuration }}.");
  }

  private static AlertTemplate apiLatencyHigh() {
    return api(WARNING, "ApiLatencyHigh", latency(Thresholds.SLOW, "200ms"))
        .ofSlo("api_latency_200ms")
        .lasting(TEN_MINUTES)
        .saying(
            "One answer of the API in a hundred takes more than 200 ms.",
            "The 99th percentile of {{ $labels.system }} ({{ $labels.env }}, {{ $labels.region }})"
                + " is {{ $value | humanizeDuration }}.");
  }

  /** At low traffic one slow answer is the percentile: there must be three. */
  private static String latency(String seconds, String objective) {
    return """
    system:api_p99_seconds:5m > %s
    and on ({L})
    slo:sli_errors:rate5m{slo="api_latency_%s"} * <5m> > 2.5
    """
        .formatted(seconds, objective);
  }

  /** A reason's first cut makes a new series, which has no increase yet. */
  private static AlertTemplate connectionsCut() {
    return api(
            WARNING,
            "ConnectionsCut",
            """
            sum by ({L}, reason) (
              increase(http_connections_cut_total[15m]) > 0
              or
              (http_connections_cut_total unless http_connections_cut_total offset 15m)
            ) > %s
            """
                .formatted(Thresholds.CUT))
        .saying(
            "Clients are cut off.",
            "In 15 minutes about {{ $value | humanize }} connections to {{ $labels.system }}"
                + " ({{ $labels.env }}, {{ $labels.region }}) were cut or not taken:"
                + " {{ $labels.reason }}.");
  }

  private static AlertTemplate database(Severity severity, String name, String expression) {
    return alert(severity, name, expression)
        .ofVital("database")
        .leadingTo("database", "escala-database");
  }

  private static AlertTemplate databaseDown() {
    return database(
            CRITICAL, "DatabaseDown", "max by ({L}, database) (last_over_time(db_up[2m])) == 0")
        .ofSlo("database")
        .lasting(A_MINUTE)
        .lingering(LINGER_OF_CAUSE)
        .saying(
            "The database does not answer.",
            "No process of {{ $labels.system }} ({{ $labels.env }}, {{ $labels.region }}) has read"
                + " from the database {{ $labels.database }} for a minute.");
  }

  private static AlertTemplate databaseSlowCritical() {
    return database(
            CRITICAL,
            "DatabaseSlowCritical",
            "system:database_ping_seconds:max > " + Thresholds.TOO_SLOW)
        .lasting(A_MINUTE)
        .lingering(LINGER_OF_CAUSE)
        .saying(
            "The database takes more than half a second for a trivial read.",
            "A trivial read of {{ $labels.system }} ({{ $labels.env }}, {{ $labels.region }})"
                + " takes {{ $value | humanizeDuration }} in its slowest database.");
  }

  private static AlertTemplate databaseSlow() {
    return database(
            WARNING, "DatabaseSlow", "system:database_ping_seconds:max > " + Thresholds.SLOW)
        .lasting(TEN_MINUTES)
        .saying(
            "The database takes more than 200 ms for a trivial read.",
            "A trivial read of {{ $labels.system }} ({{ $labels.env }}, {{ $labels.region }})"
                + " takes {{ $value | humanizeDuration }} in its slowest database.");
  }

  private static AlertTemplate databaseRestarted() {
    return database(
            WARNING,
            "DatabaseRestarted",
            """
            max by ({L}, database) (
              changes(db_postmaster_start_time_seconds[15m]) > 0
              or
              changes(db_in_recovery[15m]) > 0
            )
            """)
        .saying(
            "The database restarted, or another server took its place.",
            "The database {{ $labels.database }} of {{ $labels.system }} ({{ $labels.env }},"
                + " {{ $labels.region }}) has another start time or another role than 15 minutes"
                + " ago.");
  }

  /** Each takes a core of the database, and the place of a replacement. */
  private static AlertTemplate statementsAbandoned() {
    return database(
            WARNING,
            "StatementsAbandoned",
            "max by ({L}, database) (last_over_time(db_abandoned_statements[2m])) > 0")
        .lasting(A_MINUTE)
        .saying(
            "SQL goes on though it was cancelled.",
            "{{ $value | humanize }} statements on the database {{ $labels.database }} of"
                + " {{ $labels.system }} ({{ $labels.env }}, {{ $labels.region }}) ignore that"
                + " they were cancelled.");
  }

  private static AlertTemplate systemSilent() {
    return alert(
            CRITICAL,
            "SystemSilent",
            """
            group by ({L}) (last_over_time(system:seen:info{vital="system"}[1d]))
            unless on ({L})
            last_over_time(escala_build_info[2m])
            """)
        .lasting(A_MINUTE)
        .leadingTo("system", "escala-fleet")
        .saying(
            "A system says nothing any more.",
            "No process of {{ $labels.system }} ({{ $labels.env }}, {{ $labels.region }}) can be"
                + " scraped. Whether its users are served, nobody knows.");
  }
}
