package dev.escala.dashboard;

/** Rate, errors and duration of the API, from inside and from outside. */
final class Api {
  /** Neither a health check nor a ping says anything about users. */
  private static final String COUNTED = "{@,route!~\"/ping|/health\"}";

  /** GET of data: what the latency objectives count. */
  private static final String DATA = "{@,method=\"GET\",route=~\"/[{]database.*\"}";

  private Api() {}

  static Panel[] panels(Bounds bounds) {
    return new Panel[] {
      rate(),
      errors(),
      outside(bounds),
      unanswered(),
      percentiles(bounds),
      processes(bounds),
      heatmap(),
      routes(bounds)
    };
  }

  private static Panel rate() {
    return Panel.of(
            Kind.TIME_SERIES,
            "Requests by outcome",
            "Without /ping and /health. 4xx are mistakes of clients, 5xx are ours.")
        .unit(Unit.REQUESTS_PER_SECOND)
        .stacked()
        .target(
            "sum by (code) (rate(http_request_duration_seconds_count%s[$__rate_interval]))"
                .formatted(COUNTED),
            "{{code}}");
  }

  /** As the budget counts them: also the first one of its kind, which has no rate yet. */
  private static Panel errors() {
    return Panel.of(
            Kind.TIME_SERIES,
            "Errors",
            "Share of requests answered with 5xx, of five minutes. Without requests there is no"
                + " line: that is not the same as no errors.")
        .unit(Unit.RATIO)
        .target(
            "sum(slo:sli_errors:rate5m{@,slo=\"api_availability\"}) /"
                + " (sum(slo:sli_total:rate5m{@,slo=\"api_availability\"}) > 0)",
            "5xx");
  }

  private static Panel outside(Bounds bounds) {
    return bounds
        .latencyLines(
            Panel.of(
                Kind.TIME_SERIES,
                "Asked from outside",
                "How long the slowest process waited for the API through its public address,"
                    + " every 5 s."))
        .unit(Unit.SECONDS)
        .target("max(probe_duration_seconds{@})", "duration");
  }

  private static Panel unanswered() {
    return Panel.of(
            Kind.TIME_SERIES,
            "Questions without an answer",
            "Share of the questions from outside that failed.")
        .unit(Unit.RATIO)
        .target(
            "sum(rate(probe_checks_total{@,result=\"failed\"}[$__rate_interval])) /"
                + " (sum(rate(probe_checks_total{@}[$__rate_interval])) > 0)",
            "failed share");
  }

  private static Panel percentiles(Bounds bounds) {
    Panel panel =
        bounds
            .latencyLines(
                Panel.of(
                    Kind.TIME_SERIES,
                    "Duration of reads",
                    "GET of data, from the parsed request to the end of the answer; the lines are"
                        + " the bounds of ok and warning."))
            .unit(Unit.SECONDS);
    for (String quantile : new String[] {"0.5", "0.95", "0.99"}) {
      panel.target(quantile(quantile, "le"), "p" + Math.round(Double.parseDouble(quantile) * 100));
    }
    return panel;
  }

  private static Panel processes(Bounds bounds) {
    return bounds
        .latencyLines(
            Panel.of(
                Kind.TIME_SERIES,
                "p99 by process",
                "One process alone: replace it. All of them: look at the database."))
        .unit(Unit.SECONDS)
        .target(quantile("0.99", "instance, le"), "{{instance}}");
  }

  private static Panel heatmap() {
    return Panel.of(
            Kind.HEATMAP,
            "Reads by duration",
            "Two bands instead of one: two kinds of requests, or one slow process.")
        .unit(Unit.REQUESTS_PER_SECOND)
        .target(
            "sum by (le) (rate(http_request_duration_seconds_bucket%s[$__rate_interval]))"
                .formatted(DATA),
            "{{le}}");
  }

  private static Panel routes(Bounds bounds) {
    return bounds
        .latencyLines(
            Panel.of(
                Kind.TIME_SERIES,
                "p99 by route",
                "One route alone: look at its queries. All of them: look at the database."))
        .unit(Unit.SECONDS)
        .target(quantile("0.99", "route, le"), "{{route}}");
  }

  private static String quantile(String quantile, String by) {
    return "histogram_quantile(%s, sum by (%s) (rate(http_request_duration_seconds_bucket%s[$__rate_interval])))"
        .formatted(quantile, by, DATA);
  }
}
