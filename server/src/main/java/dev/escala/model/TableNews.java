package dev.escala.model;

/** What those who write to a database tell those who read it. */
public record TableNews(TableVersions versions, RowTails tails) {
  /** Nothing. */
  public static final TableNews NONE = new TableNews(TableVersions.NONE, RowTails.NONE);
}
