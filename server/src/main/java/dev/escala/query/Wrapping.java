package dev.escala.query;

import dev.escala.catalog.OutputKind;

/** What stands around an expression so that its value leaves the database in a form. */
record Wrapping(String before, String after) {
  static final Wrapping NONE = new Wrapping("", "");
  static final Wrapping TEXT = new Wrapping("", "::text");
  private static final Wrapping TO_JSON = new Wrapping("to_json(", ")::text");
  private static final Wrapping PRINTED_BOOLEAN =
      new Wrapping("CASE ", " WHEN true THEN 't' WHEN false THEN 'f' END");

  /** Of any type {@code concat} takes what its output function prints, and of null nothing. */
  static final Wrapping PRINTED =
      new Wrapping(
          "(SELECT CASE WHEN v.x IS DISTINCT FROM NULL THEN pg_catalog.concat(v.x) END FROM (SELECT"
              + " ",
          ") AS v(x))");

  private static final Wrapping STRIPPED = new Wrapping("json_strip_nulls(to_json(", "))::text");

  static Wrapping of(OutputKind kind, ValueForm form) {
    return switch (form) {
      case TEXT -> text(kind);
      case JSON -> json(kind, TEXT, TO_JSON);
      case STRIPPED_JSON -> json(kind, STRIPPED, STRIPPED);
      case OWN -> NONE;
    };
  }

  /**
   * As PostgreSQL prints the value. For some types a cast to text says something else: {@code true}
   * for {@code t}, {@code 10.0.0.1/32} for {@code 10.0.0.1}.
   */
  private static Wrapping text(OutputKind kind) {
    return switch (kind) {
      case TEXT -> NONE;
      case BOOLEAN -> PRINTED_BOOLEAN;
      case CONVERTED -> PRINTED;
      case INTEGER, NUMBER, UUID, TIMESTAMPTZ, TIMESTAMP, DATE, JSON -> TEXT;
    };
  }

  private static Wrapping json(OutputKind kind, Wrapping json, Wrapping converted) {
    return switch (kind) {
      case BOOLEAN, INTEGER, TEXT, UUID, TIMESTAMPTZ, TIMESTAMP, DATE -> NONE;
      case NUMBER -> TEXT;
      case JSON -> json;
      case CONVERTED -> converted;
    };
  }
}
