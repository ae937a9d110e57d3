package dev.escala.model;

/** Quotes the names of schemas, tables and columns for SQL. */
public final class SqlIdentifier {

  private SqlIdentifier() {}

  /** The name in double quotes, those inside of it doubled. */
  public static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
