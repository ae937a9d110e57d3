package dev.escala.slo;

/** Where ok ends and where critical begins, for rules, dashboards and docs alike. */
public final class Thresholds {
  /** Seconds up to which an answer of the API or the database is ok; more is a warning. */
  public static final String SLOW = "0.2";

  /** Seconds up to which an answer is late; more is critical, as is none. */
  public static final String TOO_SLOW = "0.5";

  /** Seconds from publishing to the committed row that a message may take. */
  public static final String LATE = "30";

  /** Connections cut in 15 minutes, for one reason, up to which it is a client with a bad line. */
  public static final String CUT = "100";

  /** What one process may export, with all that it serves. */
  public static final int SERIES_OF_A_PROCESS = 2000;

  private Thresholds() {}
}
