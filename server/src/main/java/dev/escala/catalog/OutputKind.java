package dev.escala.catalog;

/** How a column leaves the database and becomes JSON. */
public enum OutputKind {
  BOOLEAN,
  /** A whole number of two, four or eight bytes. */
  INTEGER,
  /** A number that PostgreSQL prints; NaN and the infinities become JSON texts. */
  NUMBER,
  TEXT,
  UUID,
  TIMESTAMPTZ,
  TIMESTAMP,
  DATE,
  /** The value is JSON already, and is passed on as it is. */
  JSON,
  /** A type without a writer of its own: the database converts it with {@code to_json}. */
  CONVERTED;

  /**
   * The kind of a type by the name that {@code format_type(oid, -1)} gives it.
   *
   * @param enumerated whether the type is an enum, of whatever name
   */
  public static OutputKind of(String type, boolean enumerated) {
    if (enumerated) {
      return CONVERTED;
    }
    return switch (type) {
      case "boolean" -> BOOLEAN;
      case "smallint", "integer", "bigint" -> INTEGER;
      case "real", "double precision", "numeric" -> NUMBER;
      case "text", "character varying", "bpchar", "name" -> TEXT;
      case "uuid" -> UUID;
      case "timestamp with time zone" -> TIMESTAMPTZ;
      case "timestamp without time zone" -> TIMESTAMP;
      case "date" -> DATE;
      case "json", "jsonb" -> JSON;
      default -> CONVERTED;
    };
  }
}
