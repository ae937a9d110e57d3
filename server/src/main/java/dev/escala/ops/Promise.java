package dev.escala.ops;

import java.util.Locale;

/**
 * What is promised of any 30 days, and kept or not by each event. The files of {@code ops/slo} say
 * the same to Prometheus, and a test compares both.
 */
public enum Promise {
  /** Requests are not answered with 5xx. */
  API_AVAILABILITY("api-availability", 0.999, 0.9999),
  /** Data is answered within 200 ms. */
  API_LATENCY_200MS("api-latency-200ms", 0.99, 0.99),
  /** Data is answered within 500 ms. */
  API_LATENCY_500MS("api-latency-500ms", 0.999, 0.999),
  /** The database answers. */
  DATABASE("database", 0.999, 0.9995),
  /** A message is a row within 30 s. */
  FRESHNESS("freshness", 0.99, 0.99),
  /** A marker of the canary becomes a row. */
  COMPLETENESS("completeness", 0.9999, 0.9999),
  /** The API gives a marker as it was published. */
  CONSISTENCY("consistency", 0.9999, 0.9999);

  private final String label;
  private final double standard;
  private final double critical;

  Promise(String label, double standard, double critical) {
    this.label = label;
    this.standard = standard;
    this.critical = critical;
  }

  public String label() {
    return label;
  }

  /** The share that is to be good, of systems of a tier. */
  public double target(String tier) {
    return tier.toLowerCase(Locale.ROOT).equals("critical") ? critical : standard;
  }
}
