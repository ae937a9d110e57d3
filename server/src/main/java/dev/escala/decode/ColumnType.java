package dev.escala.decode;

import java.util.List;
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
  public static final ColumnType DATE = of(Kind.DATE, "date");
  public static final ColumnType UUID = of(Kind.UUID, "uuid");
  public static final ColumnType JSONB = of(Kind.JSONB, "jsonb");

  private static final Set<ColumnType> INFERRED_FROM_TEXT = Set.of(TEXT, UUID, DATE, TIMESTAMPTZ);
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
      case "timestamp", "timestamp without time zone" ->
          of(Kind.TIMESTAMP, "timestamp without time zone");
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

  /** The type of a new column for values that would have been of these two. */
  public ColumnType common(ColumnType other) {
    if (equals(other) || other.widensTo(this)) {
      return this;
    }
    if (widensTo(other)) {
      return other;
    }
    return INFERRED_FROM_TEXT.containsAll(List.of(this, other)) ? TEXT : this;
  }

  /** Whether a column may become the other type with nothing lost, {@code =} and order kept. */
  public boolean widensTo(ColumnType other) {
    return switch (kind) {
      case INT2, INT4, INT8 -> other.equals(NUMERIC) || (kind != Kind.INT8 && other.equals(BIGINT));
      case DATE, UUID -> other.equals(TEXT);
      default -> false;
    };
  }
}
