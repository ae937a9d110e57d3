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
      rate(), errors(), outside(bounds), percentiles(bounds), heatmap(), routes(bounds)
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

  private static Panel errors() {
    String all =
        "sum(rate(http_request_duration_seconds_count%s[$__rate_interval]))".formatted(COUNTED);
    String failed = all.replace("health\"}", "health\",code=\"5xx\"}");
    return Panel.of(
            Kind.TIME_SERIES,
            "Errors",
            "Share of requests answered with 5xx. Without requests there is no line: that is not"
                + " the same as no errors.")
        .unit(Unit.RATIO)
        .max(1)
        .target("(%s or 0 * %s) / (%s > 0)".formatted(failed, all, all), "5xx");
  }

  private static Panel outside(Bounds bounds) {
    return bounds
        .latencyLines(
            Panel.of(
                Kind.TIME_SERIES,
                "Asked from outside",
                "How long the API took through its public address, every 5 s; the share of failed"
                    + " probes is drawn on the same scale, 1 is all of them."))
        .unit(Unit.SECONDS)
        .target("max(probe_duration_seconds{@})", "duration")
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
      panel.target(quantile(quantile, "le"), "p" + quantile.substring(2));
    }
    return panel;
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
