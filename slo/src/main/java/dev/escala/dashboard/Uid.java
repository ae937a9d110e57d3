package dev.escala.dashboard;

/** The dashboards: what links and alerts call them, and their titles. */
public enum Uid {
  FLEET("escala-fleet", "Fleet"),
  SYSTEM("escala-system", "System"),
  SLO("escala-slo", "SLO"),
  DATABASE("escala-database", "Database"),
  PUBSUB("escala-pubsub", "Publish and subscribe");

  private final String text;
  private final String title;

  Uid(String text, String title) {
    this.text = text;
    this.title = title;
  }

  /** As it stands in the address of the dashboard. */
  public String text() {
    return text;
  }

  /** Whether it shows all selected systems, or one. */
  boolean isOfManySystems() {
    return this == FLEET;
  }

  String title() {
    return title;
  }
}
