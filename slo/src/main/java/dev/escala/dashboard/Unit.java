package dev.escala.dashboard;

/** The units of Grafana that the dashboards use. */
enum Unit {
  COUNT("short"),
  SECONDS("s"),
  /** A timestamp in milliseconds, told as "3 days ago". */
  SINCE("dateTimeFromNow"),
  REQUESTS_PER_SECOND("reqps"),
  PER_SECOND("cps"),
  BYTES("bytes"),
  BYTES_PER_SECOND("Bps"),
  /** A part of one, shown as percent. */
  RATIO("percentunit"),
  /** So many times of something. */
  TIMES("suffix:×"),
  /** A status of 0 to 3, or a text: mapped to words. */
  WORD("none");

  private final String id;

  Unit(String id) {
    this.id = id;
  }

  /** As Grafana writes it. */
  String id() {
    return id;
  }
}
