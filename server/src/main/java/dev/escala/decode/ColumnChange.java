package dev.escala.decode;

/** What a table would need so that a message fits. */
public sealed interface ColumnChange {
  String column();

  ColumnType type();

  /** A column for a field that is new. */
  record Add(String column, ColumnType type) implements ColumnChange {}

  /** A wider type for a column that is there. */
  record Widen(String column, ColumnType type) implements ColumnChange {}
}
