package dev.escala.decode;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The type of a column.
 *
 * @param sql as PostgreSQL writes it, such as {@code numeric(10,2)}
 * @param precision digits of a numeric or characters of a text; 0 where the type has no limit
 * @param scale digits after the point, of a numeric with a precision
 */
public record ColumnType(Kind kind, String sql, int precision, int scale) {
  public static final ColumnType BOOLEAN = of(Kind.BOOLEAN, "boolean");
  public static final ColumnType BIGINT = of(Kind.INT8, "bigint");
  public static final ColumnType NUMERIC = of(Kind.NUMERIC, "numeric");
  public static final ColumnType TEXT = of(Kind.TEXT, "text");
  public static final ColumnType TIMESTAMPTZ = of(Kind.TIMESTAMPTZ, "timestamp with time zone");
  public static final ColumnType TIMESTAMP = of(Kind.TIMESTAMP, "timestamp without time zone");
  public static final ColumnType DATE = of(Kind.DATE, "date");
  public static final ColumnType UUID = of(Kind.UUID, "uuid");
  public static final ColumnType JSONB = of(Kind.JSONB, "jsonb");

  /** What an integer may become without anybody who reads it seeing more than a wider type. */
  private static final Set<ColumnType> NUMBERS = Set.of(BIGINT, NUMERIC);

  private static final Pattern LIMITED = Pattern.compile("([a-z ]+)\\((\\d+)(?:, ?(\\d+))?\\)");

  /** What the decoder does with a type; OTHER goes to the database as text and is cast there. */
  public enum Kind {
    BOOLEAN,
    INT2,
    INT4,
    INT8,
    FLOAT4,
    FLOAT8,
    NUMERIC,
    TEXT,
    TIMESTAMPTZ,
    TIMESTAMP,
    DATE,
    UUID,
    JSONB,
    OTHER
  }

  private static ColumnType of(Kind kind, String sql) {
    return new ColumnType(kind, sql, 0, 0);
  }

  /** Reads a type as a person or {@code format_type} writes it. */
  public static ColumnType parse(String sql) {
    String name = sql.strip().toLowerCase(Locale.ROOT);
    Matcher limited = LIMITED.matcher(name);
    if (limited.matches() && limited.group(2).length() < 9) {
      int scale = limited.group(3) == null ? 0 : Integer.parseInt(limited.group(3));
      return limited(
          limited.group(1).strip(), sql.strip(), Integer.parseInt(limited.group(2)), scale);
    }
    return switch (name) {
      case "boolean", "bool" -> BOOLEAN;
      case "smallint", "int2" -> of(Kind.INT2, "smallint");
      case "integer", "int", "int4" -> of(Kind.INT4, "integer");
      case "bigint", "int8" -> BIGINT;
      case "real", "float4" -> of(Kind.FLOAT4, "real");
      case "double precision", "float8" -> of(Kind.FLOAT8, "double precision");
      case "numeric", "decimal" -> NUMERIC;
      case "text", "varchar", "character varying" -> TEXT;
      case "timestamptz", "timestamp with time zone" -> TIMESTAMPTZ;
      case "timestamp", "timestamp without time zone" -> TIMESTAMP;
      case "date" -> DATE;
      case "uuid" -> UUID;
      case "jsonb" -> JSONB;
      default -> of(Kind.OTHER, sql.strip());
    };
  }

  private static ColumnType limited(String name, String sql, int precision, int scale) {
    return switch (name) {
      case "numeric", "decimal" -> new ColumnType(Kind.NUMERIC, sql, precision, scale);
      case "varchar", "character varying", "character", "char" ->
          new ColumnType(Kind.TEXT, sql, precision, 0);
      default -> of(Kind.OTHER, sql);
    };
  }

  /** The narrowest type that inference knows and that holds what either holds. */
  public ColumnType common(ColumnType other) {
    if (equals(other) || other.widensTo(this)) {
      return this;
    }
    if (widensTo(other)) {
      return other;
    }
    return kind == Kind.JSONB || other.kind == Kind.JSONB ? JSONB : TEXT;
  }

  /** Whether a column may become the other type with nothing lost. */
  public boolean widensTo(ColumnType other) {
    boolean toAny = other.equals(TEXT) || other.equals(JSONB);
    return switch (kind) {
      case INT2, INT4 -> toAny || NUMBERS.contains(other);
      case INT8 -> toAny || other.equals(NUMERIC);
      case DATE -> toAny || other.equals(TIMESTAMP) || other.equals(TIMESTAMPTZ);
      case BOOLEAN, FLOAT4, FLOAT8, NUMERIC, TIMESTAMP, TIMESTAMPTZ, UUID -> toAny;
      case TEXT, JSONB, OTHER -> false;
    };
  }

  /** Whether it is a number of which the other type has more. */
  boolean isNarrowerNumber(ColumnType wider) {
    return NUMBERS.contains(wider) && widensTo(wider);
  }
}
