package dev.escala.slo;

import dev.escala.slo.Rule.Recording;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The three vital signs of each system as numbers: 0 ok, 1 warn, 2 critical, 3 unknown.
 *
 * <p>Each status is a list of conditions, the worst first; what was seen within a day and fulfils
 * none of them is unknown, for no data is not green.
 */
final class StatusRules {
  private static final String DATA = "{method=\"GET\",route=~\"/[{]database.*\"}";

  private static final VitalSign API =
      new VitalSign(
          "system",
          "escala_build_info",
          """
          max by ({L}) (last_over_time(probe_success[2m])) == 0
          or
          system:probe_seconds:max > %2$s
          or
          system:api_p99_seconds:5m > %2$s
            and on ({L}) slo:sli_errors:rate5m{slo="api_latency_500ms"} * <5m> > 2.5
          """,
          """
          min by ({L}) (last_over_time(probe_success[2m])) == 0
          or
          system:probe_seconds:max > %1$s
          or
          system:api_p99_seconds:5m > %1$s
            and on ({L}) slo:sli_errors:rate5m{slo="api_latency_200ms"} * <5m> > 2.5
          """);

  private static final VitalSign DATABASE =
      new VitalSign(
          "database",
          "db_up",
          """
          max by ({L}, database) (last_over_time(db_up[2m])) == 0
          or
          system:database_ping_seconds:max > %2$s
          """,
          """
          min by ({L}, database) (last_over_time(db_up[2m])) == 0
          or
          system:database_ping_seconds:max > %1$s
          """);

  private static final VitalSign TOPIC =
      new VitalSign(
          "topic",
          "ingest_oldest_inflight_seconds",
          """
          time() - max by ({L}, topic) (last_over_time(ingest_source_last_receive_timestamp_seconds[2m])) > <1m>
          or
          max by ({L}, topic) (last_over_time(ingest_oldest_inflight_seconds[2m])) > <2m>
          or
          max by ({L}, topic) (min_over_time(ingest_paused[2m])) == 1
          or
          sum by ({L}, topic) (increase(canary_lost_total[15m])) > 0
          or
          sum by ({L}, topic) (increase(canary_mismatch_total[15m])) > 0
          """,
          """
          system:freshness_p99_seconds:5m > %3$s
          or
          max by ({L}, topic) (last_over_time(ingest_oldest_inflight_seconds[2m])) > %3$s
          """);

  /** Critical is worse than unknown, whatever the numbers say. */
  private static final String WORST =
      """
      2 * group by ({L}) (
        system:api_status == 2 or system:database_status == 2 or system:topic_status == 2
      )
      or
      3 * group by ({L}) (
        system:api_status == 3 or system:database_status == 3 or system:topic_status == 3
      )
      or
      max by ({L}) (
        label_replace(system:api_status, "vital", "api", "", "")
        or label_replace(system:database_status, "vital", "database", "", "")
        or label_replace(system:topic_status, "vital", "topic", "", "")
      )
      """;

  private final Presentation presentation;
  private final Expressions expressions;

  StatusRules(Presentation presentation) {
    this.presentation = presentation;
    this.expressions = new Expressions(presentation.timescale());
  }

  List<RuleGroup> groups() {
    return List.of(
        new RuleGroup("escala-seen", interval(Duration.ofMinutes(5)), seen()),
        new RuleGroup("escala-vitals", presentation.timescale().scrape(), vitals()),
        new RuleGroup("escala-status", presentation.timescale().scrape(), statuses()),
        new RuleGroup("escala-fleet", presentation.timescale().scrape(), fleet()));
  }

  private Duration interval(Duration real) {
    return presentation.timescale().wait(real);
  }

  /** Remembers what each system has, so that its absence means something. */
  private List<Rule> seen() {
    return List.of(
        seen("system", "escala_build_info"),
        seen("database", "db_up"),
        seen("topic", "ingest_oldest_inflight_seconds"),
        seen("canary", "canary_published_total"));
  }

  private Rule seen(String vital, String metric) {
    return new Recording(
        "system:seen:info",
        expressions.of("group by ({L}) (" + metric + ")"),
        Map.of("vital", vital));
  }

  private List<Rule> vitals() {
    return List.of(
        recorded(
            "system:api_requests:rate5m",
            "sum by ({L})"
                + " (rate(http_request_duration_seconds_count{route!~\"/ping|/health\"}[5m]))"),
        recorded(
            "system:api_p99_seconds:5m", quantile("http_request_duration_seconds_bucket" + DATA)),
        recorded("system:freshness_p99_seconds:5m", quantile("ingest_freshness_seconds_bucket")),
        recorded(
            "system:probe_seconds:max",
            "max by ({L}) (quantile_over_time(0.5, probe_duration_seconds[2m]))"),
        recorded(
            "system:database_ping_seconds:max",
            "max by ({L}) (quantile_over_time(0.5, db_ping_duration_seconds[2m]))"));
  }

  /** Without events a quantile is NaN, which every comparison drops. */
  private static String quantile(String buckets) {
    return "histogram_quantile(0.99, sum by (le, {L}) (rate(" + buckets + "[5m]))) >= 0";
  }

  private List<Rule> statuses() {
    return List.of(
        recorded("system:api_status", API.expression()),
        recorded("system:database_status", DATABASE.expression()),
        recorded("system:topic_status", TOPIC.expression()),
        recorded("system:status", WORST));
  }

  private List<Rule> fleet() {
    return List.of(count("ok", 0), count("warn", 1), count("critical", 2), count("unknown", 3));
  }

  private Rule count(String status, int number) {
    return new Recording(
        "fleet:systems:count",
        """
        count by (env, tier, region) (system:status == %d)
        or
        0 * count by (env, tier, region) (system:status)
        """
            .formatted(number)
            .strip(),
        Map.of("status", status));
  }

  private Rule recorded(String name, String expression) {
    return Recording.of(name, expressions.of(expression));
  }

  /**
   * When a vital sign is what.
   *
   * @param seen the value of the label of {@code system:seen:info} that tells that it should be
   *     there
   * @param present a metric that is there as long as the vital sign is watched
   */
  private record VitalSign(String seen, String present, String critical, String warn) {

    String expression() {
      String now = "group by ({L}) (last_over_time(" + present + "[2m]))";
      return """
      (
        2 * group by ({L}) (
      %s  )
        or
        1 * group by ({L}) (
      %s  )
        or
        0 * %s
      )
      and on ({L}) %s
      or
      3 * group by ({L}) (last_over_time(system:seen:info{vital="%s"}[1d]))
      """
          .formatted(filled(critical), filled(warn), now, now, seen);
    }

    private static String filled(String conditions) {
      return conditions.formatted(Thresholds.SLOW, Thresholds.TOO_SLOW, Thresholds.LATE).indent(4);
    }
  }
}
