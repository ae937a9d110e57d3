package dev.escala.query;

import dev.escala.catalog.OutputKind;

/** What stands around an expression so that its value leaves the database in a form. */
record Wrapping(String before, String after) {
  private static final Wrapping NONE = new Wrapping("", "");
  private static final Wrapping TEXT = new Wrapping("", "::text");
  private static final Wrapping TO_JSON = new Wrapping("to_json(", ")::text");
  private static final Wrapping STRIPPED = new Wrapping("json_strip_nulls(to_json(", "))::text");

  static Wrapping of(OutputKind kind, ReadPlanner.Form form) {
    return switch (form) {
      case TEXT -> kind == OutputKind.TEXT ? NONE : TEXT;
      case JSON -> json(kind, TEXT, TO_JSON);
      case STRIPPED_JSON -> json(kind, STRIPPED, STRIPPED);
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
