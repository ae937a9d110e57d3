package dev.escala.decode;

import dev.escala.decode.JsonValue.Form;
import dev.escala.model.ReasonCode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.JsonStringEncoder;

/** Reads a value as the type of its column, by the policy of the column. */
final class ValueReader {

  private ValueReader() {}

  static @Nullable Object read(JsonValue value, Column column, ColumnPolicy policy) {
    if (value.form() == Form.NULL) {
      return null;
    }
    return switch (column.type().kind()) {
      case BOOLEAN -> bool(value, column, policy);
      case INT2, INT4, INT8 -> integer(value, column, policy);
      case NUMERIC ->
          JsonNumber.within(number(value, column, policy), column.type(), column.name());
      case FLOAT4, FLOAT8 -> floating(number(value, column, policy), column);
      case TEXT, OTHER -> text(value, column, policy);
      case TIMESTAMPTZ -> instant(value, column.name(), policy);
      case TIMESTAMP ->
          isWide(policy)
              ? PointInTime.localOrDate(string(value, column, policy), column.name())
              : PointInTime.local(string(value, column, policy), column.name());
      case DATE -> PointInTime.date(string(value, column, policy), column.name());
      case UUID -> uuid(string(value, column, policy), column);
      case JSONB -> json(value, policy, column.name());
    };
  }

  private static Object bool(JsonValue value, Column column, ColumnPolicy policy) {
    if (value.form() == Form.TRUE || value.form() == Form.FALSE) {
      return value.form() == Form.TRUE;
    }
    if (lenient(policy)) {
      switch (value.text().toLowerCase(Locale.ROOT)) {
        case "true", "t", "yes", "1" -> {
          return true;
        }
        case "false", "f", "no", "0" -> {
          return false;
        }
        default -> {
          // refused below like any other type
        }
      }
    }
    throw mismatch(value, column, policy);
  }

  private static Object integer(JsonValue value, Column column, ColumnPolicy policy) {
    if (value.form() == Form.INTEGER && value.text().length() < 10) {
      long small = Long.parseLong(value.text());
      if (column.type().kind() != ColumnType.Kind.INT2) {
        return small;
      }
    }
    BigDecimal number = number(value, column, policy);
    if (value.form() != Form.INTEGER
        && (!lenient(policy) || number.stripTrailingZeros().scale() > 0)) {
      throw mismatch(value, column, policy);
    }
    return JsonNumber.integer(number, column.type(), column.name());
  }

  private static BigDecimal number(JsonValue value, Column column, ColumnPolicy policy) {
    boolean isNumber = value.form() == Form.INTEGER || value.form() == Form.DECIMAL;
    boolean looksLikeOne =
        lenient(policy)
            && value.form() == Form.STRING
            && value
                .text()
                .strip()
                .matches("[+-]?(\\d{1,500}\\.?\\d{0,500}|\\.\\d{1,500})([eE][+-]?\\d{1,6})?");
    if (!isNumber && !looksLikeOne) {
      throw mismatch(value, column, policy);
    }
    return JsonNumber.exact(value.text().strip(), column.name());
  }

  private static Object floating(BigDecimal number, Column column) {
    double value =
        column.type().kind() == ColumnType.Kind.FLOAT4 ? number.floatValue() : number.doubleValue();
    if (Double.isInfinite(value)) {
      throw Refusal.of(
          ReasonCode.FIELD_RANGE, column.name(), "does not fit " + column.type().sql());
    }
    return value;
  }

  private static String text(JsonValue value, Column column, ColumnPolicy policy) {
    String text = value.text();
    boolean cast = column.type().kind() == ColumnType.Kind.OTHER;
    switch (value.form()) {
      case STRING -> {
        // as it is
      }
      case INTEGER, DECIMAL, TRUE, FALSE -> {
        if (!cast && !lenient(policy) && !isWide(policy)) {
          throw mismatch(value, column, policy);
        }
        text = value.source();
      }
      case CONTAINER -> text = container(value, column, policy);
      case NULL, NON_FINITE -> throw mismatch(value, column, policy);
    }
    String cleaned = UnstorableText.clean(text, policy.nul(), column.name());
    int limit = column.type().precision();
    if (limit > 0 && cleaned.codePointCount(0, cleaned.length()) > limit) {
      throw Refusal.of(
          ReasonCode.FIELD_TOO_LONG, column.name(), "is longer than " + column.type().sql());
    }
    return cleaned;
  }

  /** JSON arrays become array literals for array columns; json columns take the text itself. */
  private static String container(JsonValue value, Column column, ColumnPolicy policy) {
    byte[] json = cleaned(value.raw(), policy, column.name());
    if (column.type().sql().endsWith("[]")) {
      return ArrayLiteral.of(json, column.name());
    }
    boolean takesText = column.type().kind() == ColumnType.Kind.TEXT && isWide(policy);
    if (!takesText && !column.type().sql().equals("json")) {
      throw mismatch(value, column, policy);
    }
    return new String(json, StandardCharsets.UTF_8);
  }

  private static byte[] cleaned(byte[] raw, ColumnPolicy policy, String column) {
    byte[] json = UnstorableText.clean(raw, policy.nul(), column);
    if (!Arrays.equals(json, raw)) {
      MessageJson.requireDistinctNames(json);
    }
    return json;
  }

  static Object instant(JsonValue value, String column, ColumnPolicy policy) {
    boolean isNumber = value.form() == Form.INTEGER || value.form() == Form.DECIMAL;
    if (isNumber && policy.time() != ColumnPolicy.Time.ISO) {
      return PointInTime.fromEpoch(JsonNumber.exact(value.text(), column), policy.time(), column);
    }
    if (value.form() != Form.STRING) {
      throw Refusal.of(
          ReasonCode.FIELD_TYPE,
          column,
          "is " + word(value) + ", not a point in time; see time-format for epoch numbers");
    }
    return isWide(policy)
        ? PointInTime.fromIsoOrDate(value.text(), column)
        : PointInTime.fromIso(value.text(), column);
  }

  /** The event time, which has to be an instant. */
  static Instant eventTime(JsonValue value, String column, ColumnPolicy policy) {
    return isWide(policy) && value.form() == Form.STRING
        ? PointInTime.fromAny(value.text(), column)
        : (Instant) instant(value, column, policy);
  }

  private static Object uuid(String text, Column column) {
    UUID uuid = JsonValue.uuid(text.toLowerCase(Locale.ROOT));
    if (uuid == null) {
      throw Refusal.of(ReasonCode.FIELD_TYPE, column.name(), "is a text that is not a uuid");
    }
    return uuid;
  }

  private static String string(JsonValue value, Column column, ColumnPolicy policy) {
    if (value.form() != Form.STRING) {
      throw mismatch(value, column, policy);
    }
    return value.text();
  }

  /** The source text of the value, cleaned of what jsonb cannot store. */
  static byte[] json(JsonValue value, ColumnPolicy policy, String column) {
    return switch (value.form()) {
      case CONTAINER -> cleaned(value.raw(), policy, column);
      case STRING ->
          ('"'
                  + new String(
                      JsonStringEncoder.getInstance()
                          .quoteAsCharArray(
                              UnstorableText.clean(value.text(), policy.nul(), column)))
                  + '"')
              .getBytes(StandardCharsets.UTF_8);
      case INTEGER, DECIMAL -> {
        JsonNumber.exact(value.text(), column);
        yield value.text().getBytes(StandardCharsets.US_ASCII);
      }
      case TRUE, FALSE -> value.source().getBytes(StandardCharsets.US_ASCII);
      case NULL, NON_FINITE -> "null".getBytes(StandardCharsets.US_ASCII);
    };
  }

  private static boolean lenient(ColumnPolicy policy) {
    return policy.coerce() == ColumnPolicy.Coerce.LENIENT;
  }

  /** Whether the column holds whatever comes, as far as its type can. */
  private static boolean isWide(ColumnPolicy policy) {
    return policy.widen() == ColumnPolicy.Widen.TEXT;
  }

  private static Refusal mismatch(JsonValue value, Column column, ColumnPolicy policy) {
    return Refusal.of(
        ReasonCode.FIELD_TYPE,
        column.name(),
        "is %s, and the column is %s; change the column with ALTER TABLE%s"
            .formatted(
                word(value),
                column.type().sql(),
                lenient(policy) ? "" : ", or set coerce: lenient"));
  }

  private static String word(JsonValue value) {
    return switch (value.form()) {
      case NULL -> "null";
      case TRUE, FALSE -> "a boolean";
      case INTEGER -> "an integer";
      case DECIMAL -> "a decimal";
      case NON_FINITE -> "no number";
      case STRING -> "a text";
      case CONTAINER -> "an object or array";
    };
  }
}
