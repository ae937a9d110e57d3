package dev.escala.query;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Of which type the values of a column are in an answer of columns, which has no JSON.
 *
 * @param scalar of each value, or of each element of it
 * @param isList whether the values are arrays of one dimension
 * @param precision of decimals: digits in all; 0 else
 * @param scale of decimals: digits behind the point; 0 else
 * @param origin the driver's name of the type in the database, without what says that it is an
 *     array
 */
public record ColumnType(Scalar scalar, boolean isList, int precision, int scale, String origin) {

  /** What has none of the other types is a text, as PostgreSQL prints it. */
  public enum Scalar {
    BOOLEAN,
    INT2,
    INT4,
    INT8,
    FLOAT4,
    FLOAT8,
    DECIMAL,
    TEXT,
    BYTES,
    DATE,
    /** Of a day, without a zone; comes as text, since the driver has none for 24:00. */
    TIME,
    TIMESTAMP,
    TIMESTAMPTZ
  }

  /** Stands in the error of PostgreSQL where an array has several dimensions. */
  public static final String DIMENSIONS = "escala_array_dimensions";

  private static final String ARRAY = "_ARRAY";
  private static final String UNKNOWN = "UNKNOWN";

  /** As many digits as a decimal of 128 bits has. */
  private static final int MOST_DIGITS = 38;

  private static final Pattern DECIMAL = Pattern.compile("numeric\\((\\d+),(\\d+)\\)(\\[\\])?");

  /**
   * The type of what leaves the database as it is.
   *
   * @param driver the driver's name, such as {@code INT4} or {@code INT4_ARRAY}
   * @param declared the type as the catalog has it, such as {@code numeric(10,2)}, which the driver
   *     does not tell; null where nobody knows
   */
  public static ColumnType of(String driver, @Nullable String declared) {
    boolean isUnknownList = driver.equals(UNKNOWN) && declared != null && declared.endsWith("[]");
    boolean isList = driver.endsWith(ARRAY) || isUnknownList;
    String origin =
        driver.endsWith(ARRAY) ? driver.substring(0, driver.length() - ARRAY.length()) : driver;
    if (origin.equals("NUMERIC") && declared != null) {
      return decimal(declared, isList);
    }
    return new ColumnType(scalar(origin), isList, 0, 0, origin);
  }

  /** Without a precision, or with one that does not fit, a decimal is a text: nothing is lost. */
  private static ColumnType decimal(String declared, boolean isList) {
    Matcher parts = DECIMAL.matcher(declared);
    if (parts.matches()) {
      int precision = Integer.parseInt(parts.group(1));
      int scale = Integer.parseInt(parts.group(2));
      if (precision <= MOST_DIGITS && scale <= precision) {
        return new ColumnType(Scalar.DECIMAL, isList, precision, scale, "NUMERIC");
      }
    }
    return new ColumnType(Scalar.TEXT, isList, 0, 0, "NUMERIC");
  }

  private static Scalar scalar(String origin) {
    return switch (origin) {
      case "BOOL" -> Scalar.BOOLEAN;
      case "INT2" -> Scalar.INT2;
      case "INT4" -> Scalar.INT4;
      case "INT8" -> Scalar.INT8;
      case "FLOAT4" -> Scalar.FLOAT4;
      case "FLOAT8" -> Scalar.FLOAT8;
      case "BYTEA" -> Scalar.BYTES;
      case "DATE" -> Scalar.DATE;
      case "TIME" -> Scalar.TIME;
      case "TIMESTAMP" -> Scalar.TIMESTAMP;
      case "TIMESTAMPTZ" -> Scalar.TIMESTAMPTZ;
      default -> Scalar.TEXT;
    };
  }

  /** The type of each element. */
  public ColumnType element() {
    return new ColumnType(scalar, false, precision, scale, origin);
  }

  /** Whether what is sent of a value that is no array has a length of its own. */
  boolean isSized() {
    return scalar == Scalar.TEXT || scalar == Scalar.BYTES || scalar == Scalar.DECIMAL;
  }

  /** The expression of a value as it leaves the database. */
  String sent(String sql) {
    if (isList) {
      return list(sql, isSentAsIs() ? "pg_catalog." + origin.toLowerCase(Locale.ROOT) : "text");
    }
    Wrapping wrapping = isSentAsIs() ? Wrapping.NONE : printed();
    return wrapping.before() + sql + wrapping.after();
  }

  private boolean isSentAsIs() {
    return switch (scalar) {
      case BOOLEAN, INT2, INT4, INT8, FLOAT4, FLOAT8, BYTES, DATE, TIMESTAMP, TIMESTAMPTZ -> true;
      case DECIMAL, TIME -> false;
      case TEXT ->
          switch (origin) {
            case "TEXT", "VARCHAR", "BPCHAR", "NAME" -> true;
            default -> false;
          };
    };
  }

  private Wrapping printed() {
    return switch (origin) {
      case "NUMERIC", "TIME", "UUID", "JSON", "JSONB" -> Wrapping.TEXT;
      default -> Wrapping.PRINTED;
    };
  }

  /** The driver gives nothing where an array has several dimensions, so this one fails there. */
  private static String list(String sql, String element) {
    return "CASE WHEN pg_catalog.array_ndims(%1$s) > 1 THEN ('%3$s ' || pg_catalog.array_ndims(%1$s))::%2$s[] ELSE %1$s::%2$s[] END"
        .formatted(sql, element, DIMENSIONS);
  }
}
