package dev.escala.dashboard;

import static dev.escala.dashboard.Color.CRITICAL;
import static dev.escala.dashboard.Color.OK;
import static dev.escala.dashboard.Color.TICKET;
import static dev.escala.dashboard.Color.WARN;

/** One system: its three vital signs, then each of them in depth, then its promises. */
final class SystemDashboard {
  private SystemDashboard() {}

  static Dashboard of(Bounds bounds, Links links) {
    return new Dashboard(
            Uid.SYSTEM,
            "One system: is it well, since when is it not, and which of its parts is the reason.",
            links)
        .row("Vital signs", "system.md", vitals())
        .row("What fires", "README.md", AlertTable.of(links))
        .row("API: rate, errors, duration", "api.md", Api.panels(bounds))
        .row("Database", "database.md", database(bounds))
        .row("Publish and subscribe", "topic.md", topics(bounds))
        .row("Promises", "error-budget.md", burn(), budget())
        .row("Process", "system.md", process());
  }

  private static Panel[] vitals() {
    return new Panel[] {
      vital("API", "api", "Above 200 ms warns; above 500 ms or no answer is critical."),
      vital("Database", "database", "The slowest database of the system, by the same limits."),
      vital("Topics", "topic", "Whether messages are received, settled in time and not lost."),
      Panel.of(
              Kind.STATE_TIMELINE,
              "Since when",
              "The sign that turned first is usually the cause of the others.")
          .status()
          .target("max(system:api_status{@})", "API")
          .target("max(system:database_status{@})", "database")
          .target("max(system:topic_status{@})", "topics")
          .size(12, 5)
    };
  }

  private static Panel vital(String title, String sign, String description) {
    return Panel.of(Kind.STAT, title, description)
        .status()
        .target("max(system:%s_status{@})".formatted(sign), title)
        .size(4, 5);
  }

  private static Panel[] database(Bounds bounds) {
    return new Panel[] {
      bounds
          .latencyLines(
              Panel.of(
                  Kind.TIME_SERIES,
                  "Ping",
                  "A read through the serving path every 5 s, slowest process; gaps are checks"
                      + " without an answer."))
          .unit(Unit.SECONDS)
          .target("max by (database) (db_ping_duration_seconds{@})", "{{database}}"),
      Panel.of(
              Kind.TIME_SERIES,
              "Checks without an answer",
              "Share of the checks of each database that failed.")
          .unit(Unit.RATIO)
          .target(
              "sum by (database) (rate(db_checks_total{@,result=\"failed\"}[$__rate_interval])) /"
                  + " (sum by (database) (rate(db_checks_total{@}[$__rate_interval])) > 0)",
              "{{database}}"),
      Panel.of(Kind.STAT, "Up since", "When each database server was started.")
          .unit(Unit.SINCE)
          .target("1000 * max by (database) (db_postmaster_start_time_seconds{@})", "{{database}}")
    };
  }

  private static Panel[] topics(Bounds bounds) {
    return new Panel[] {
      Panel.of(
              Kind.TIME_SERIES,
              "What became of the messages",
              "Rejected ones wait as dead letters with their reason; returned ones come again.")
          .unit(Unit.PER_SECOND)
          .stacked()
          .target("sum by (result) (rate(ingest_rows_total{@}[$__rate_interval]))", "{{result}}"),
      Panel.of(
              Kind.TIME_SERIES, "Freshness, p99", "From publishing to the committed row, by topic.")
          .unit(Unit.SECONDS)
          .step(bounds.freshnessSeconds(), WARN)
          .target(
              "histogram_quantile(0.99, sum by (topic, le)"
                  + " (rate(ingest_freshness_seconds_bucket{@}[$__rate_interval])))",
              "{{topic}}"),
      Panel.of(
              Kind.TIME_SERIES,
              "Oldest unsettled message",
              "Its age, by topic. A line that climbs at 45 degrees is a topic that stands still.")
          .unit(Unit.SECONDS)
          .step(bounds.freshnessSeconds(), WARN)
          .target("max by (topic) (ingest_oldest_inflight_seconds{@})", "{{topic}}")
    };
  }

  private static Panel burn() {
    return Bounds.burnLines(
            Panel.of(
                Kind.BAR_GAUGE,
                "Burn rates, 1 h",
                "How many times faster than allowed each error budget is used up."))
        .target("max by (slo) (slo:burn_rate:ratio_1h{@})", "{{slo}}")
        .size(12, 8);
  }

  private static Panel budget() {
    return Panel.of(
            Kind.BAR_GAUGE,
            "Budget left of 30 days",
            "Below zero the promise is broken: the error-budget policy of docs/slo.md applies.")
        .unit(Unit.RATIO)
        .signed()
        .max(1)
        .base(CRITICAL)
        .step(0, WARN)
        .step(0.25, OK)
        .target("min by (slo) (slo:error_budget_remaining:ratio_30d{@})", "{{slo}}")
        .size(12, 8);
  }

  private static Panel[] process() {
    return new Panel[] {
      Panel.of(Kind.TIME_SERIES, "Heap", "Used after all, against the limit, by process.")
          .unit(Unit.RATIO)
          .max(1)
          .step(0.9, TICKET)
          .target(
              "sum by (instance) (jvm_memory_used_bytes{@,area=\"heap\"}) / sum by (instance)"
                  + " (jvm_memory_max_bytes{@,area=\"heap\"} > 0)",
              "{{instance}}"),
      Panel.of(
              Kind.TIME_SERIES,
              "Time in garbage collection",
              "Share of the time, by process. The line is where a process has too little memory.")
          .unit(Unit.RATIO)
          .step(0.1, TICKET)
          .target(
              "sum by (instance) (rate(jvm_gc_collection_seconds_sum{@}[$__rate_interval]))",
              "{{instance}}"),
      Panel.of(Kind.TIME_SERIES, "Processor", "Cores in use, by process.")
          .stacked()
          .target(
              "sum by (instance) (rate(process_cpu_seconds_total{@}[$__rate_interval]))",
              "{{instance}}")
    };
  }
}
