package dev.escala.decode;

import org.jspecify.annotations.Nullable;

/**
 * A column that messages may fill.
 *
 * @param required not nullable and without a default
 * @param defaultSql what the database fills in where a message has no such field, as an expression
 */
public record Column(String name, ColumnType type, boolean required, @Nullable String defaultSql) {

  public static Column nullable(String name, ColumnType type) {
    return new Column(name, type, false, null);
  }
}
