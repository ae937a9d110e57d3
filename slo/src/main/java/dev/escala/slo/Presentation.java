package dev.escala.slo;

/**
 * What is not a matter of the objectives.
 *
 * @param timescale 1, or faster for drills
 * @param runbooks put in front of {@code docs/runbooks/...} in links of alerts; may be empty
 * @param dashboards put in front of {@code d/escala-...} in links of alerts; may be empty
 * @param watchdog the dead man's switch that hears that the alerting is alive
 */
public record Presentation(
    Timescale timescale, String runbooks, String dashboards, String watchdog) {
  /** As committed: in real time, with links relative to the repository and to Grafana's root. */
  public static final Presentation COMMITTED =
      new Presentation(Timescale.REAL, "", "", "http://127.0.0.1:9095/watchdog");
}
