package dev.escala.dashboard;

/** What a color says; green is kept for what was measured and found good. */
enum Color {
  OK("green"),
  WARN("yellow"),
  CRITICAL("red"),
  /** Worth a ticket, not a page. */
  TICKET("blue"),
  /** A system that was known and is silent: worse than red, because nobody can tell. */
  UNKNOWN("purple"),
  /** A number that is neither good nor bad. */
  NEUTRAL("text"),
  /** There is no number. */
  NO_DATA("#8e8e8e");

  private final String name;

  Color(String name) {
    this.name = name;
  }

  /** As Grafana writes it. */
  String id() {
    return name;
  }
}
