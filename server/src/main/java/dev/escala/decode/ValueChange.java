package dev.escala.decode;

import dev.escala.decode.Issues.Kind;
import dev.escala.decode.JsonValue.Form;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** Whether what is stored of a value is what the message has; told by comparing both. */
final class ValueChange {
  /** Beyond the microseconds that PostgreSQL keeps. */
  private static final Pattern FINER = Pattern.compile("\\.\\d{6}\\d*[1-9]");

  private ValueChange() {}

  /** What was done to a value that was read for the column, and is not null. */
  static Optional<Kind> of(JsonValue value, Column column, Object stored, ColumnPolicy policy) {
    return switch (column.type().kind()) {
      case BOOLEAN -> when(value.form() != Form.TRUE && value.form() != Form.FALSE, Kind.COERCED);
      case INT2, INT4, INT8 -> when(value.form() != Form.INTEGER, Kind.COERCED);
      case NUMERIC -> when(value.form() == Form.STRING, Kind.COERCED);
      case FLOAT4, FLOAT8 -> floating(value, column, (Double) stored);
      case TEXT -> text(value, stored, policy);
      case TIMESTAMPTZ, TIMESTAMP -> time(value, stored, policy);
      case JSONB, OTHER -> when(isCleaned(value, policy), Kind.CLEANED);
      case DATE, UUID -> Optional.empty();
    };
  }

  private static Optional<Kind> when(boolean holds, Kind kind) {
    return holds ? Optional.of(kind) : Optional.empty();
  }

  /** A number is kept where its shortest text is the same number. */
  private static Optional<Kind> floating(JsonValue value, Column column, double stored) {
    if (value.form() == Form.STRING) {
      return Optional.of(Kind.COERCED);
    }
    String shortest =
        column.type().kind() == ColumnType.Kind.FLOAT4
            ? Float.toString((float) stored)
            : Double.toString(stored);
    return when(
        new BigDecimal(shortest).compareTo(JsonNumber.exact(value.text(), column.name())) != 0,
        Kind.ROUNDED);
  }

  private static Optional<Kind> text(JsonValue value, Object stored, ColumnPolicy policy) {
    if (value.form() == Form.STRING) {
      return when(!stored.equals(value.text()), Kind.CLEANED);
    }
    boolean isScalar = value.form() != Form.CONTAINER;
    boolean lenient = policy.coerce() == ColumnPolicy.Coerce.LENIENT;
    return Optional.of(isScalar && lenient ? Kind.COERCED : Kind.WIDENED);
  }

  private static Optional<Kind> time(JsonValue value, Object stored, ColumnPolicy policy) {
    if (value.form() != Form.STRING) {
      return when(!isEpoch(new BigDecimal(value.text()), (Instant) stored, policy), Kind.ROUNDED);
    }
    return PointInTime.isDate(value.text())
        ? Optional.of(Kind.WIDENED)
        : when(FINER.matcher(value.text()).find(), Kind.ROUNDED);
  }

  private static boolean isEpoch(BigDecimal number, Instant stored, ColumnPolicy policy) {
    BigDecimal seconds =
        BigDecimal.valueOf(stored.getEpochSecond()).add(BigDecimal.valueOf(stored.getNano(), 9));
    int digits =
        switch (policy.time()) {
          case ISO, EPOCH_S -> 0;
          case EPOCH_MS -> 3;
          case EPOCH_US -> 6;
          case EPOCH_NS -> 9;
        };
    return seconds.scaleByPowerOfTen(digits).compareTo(number) == 0;
  }

  /** Whether it has characters that the policy took out or replaced. */
  static boolean isCleaned(JsonValue value, ColumnPolicy policy) {
    return switch (value.form()) {
      case STRING -> !UnstorableText.clean(value.text(), policy.nul(), "").equals(value.text());
      case CONTAINER ->
          !Arrays.equals(UnstorableText.clean(value.raw(), policy.nul(), ""), value.raw());
      case NULL, TRUE, FALSE, INTEGER, DECIMAL, NON_FINITE -> false;
    };
  }
}
