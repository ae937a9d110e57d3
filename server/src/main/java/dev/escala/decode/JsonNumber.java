package dev.escala.decode;

import dev.escala.model.ReasonCode;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Reads numbers exactly, within what PostgreSQL can hold. */
final class JsonNumber {
  /** Limits of numeric: digits before and after the point. */
  private static final int MAX_INTEGER_DIGITS = 131_072;

  private static final int MAX_SCALE = 16_383;

  private JsonNumber() {}

  /** Whether it is NaN or an infinity. */
  static boolean isNonFinite(String text) {
    return Character.isLetter(text.charAt(text.length() - 1));
  }

  static BigDecimal exact(String text, String column) {
    BigDecimal number;
    try {
      number = new BigDecimal(text);
    } catch (NumberFormatException | ArithmeticException exponentTooLarge) {
      throw tooLarge(column);
    }
    if (number.signum() == 0) {
      return number.scale() > MAX_SCALE || number.scale() < 0 ? BigDecimal.ZERO : number;
    }
    if (number.precision() - (long) number.scale() > MAX_INTEGER_DIGITS
        || number.scale() > MAX_SCALE) {
      throw tooLarge(column);
    }
    return number;
  }

  private static Refusal tooLarge(String column) {
    return Refusal.of(
        ReasonCode.FIELD_RANGE, column, "has more digits than PostgreSQL's numeric can hold");
  }

  /** Within the precision and scale of the column; nothing is rounded. */
  static BigDecimal within(BigDecimal number, ColumnType type, String column) {
    if (type.precision() == 0 || number.signum() == 0) {
      return number;
    }
    BigDecimal bare = number.stripTrailingZeros();
    if (bare.scale() > type.scale()) {
      throw Refusal.of(
          ReasonCode.NUMBER_PRECISION, column, "has more decimals than " + type.sql() + " keeps");
    }
    if (bare.precision() - bare.scale() > type.precision() - type.scale()) {
      throw Refusal.of(ReasonCode.FIELD_RANGE, column, "does not fit " + type.sql());
    }
    return bare.setScale(type.scale(), RoundingMode.UNNECESSARY);
  }

  static long integer(BigDecimal number, ColumnType type, String column) {
    long least =
        switch (type.kind()) {
          case INT2 -> Short.MIN_VALUE;
          case INT4 -> Integer.MIN_VALUE;
          default -> Long.MIN_VALUE;
        };
    if (number.compareTo(BigDecimal.valueOf(least)) < 0
        || number.compareTo(BigDecimal.valueOf(-(least + 1))) > 0) {
      throw Refusal.of(ReasonCode.FIELD_RANGE, column, "does not fit " + type.sql());
    }
    return number.longValue();
  }
}
