package dev.escala.store.postgres;

import dev.escala.decode.TableName;

/** Quotes names for SQL. */
final class Identifier {

  private Identifier() {}

  static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  static String of(TableName table) {
    return quote(table.schema()) + "." + quote(table.table());
  }
}
