package dev.escala.decode;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A value of a field, as it stands in the message.
 *
 * @param text of a string or a number; empty otherwise
 * @param raw the bytes of a container; empty otherwise
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one message and is never compared
record JsonValue(Form form, String text, byte[] raw) {
  private static final byte[] NOTHING = {};

  /** What each character of ASCII is worth as a hexadecimal digit in lower case; -1 for others. */
  private static final byte[] DIGITS = new byte[128];

  static {
    for (int c = 0; c < DIGITS.length; c++) {
      DIGITS[c] = (byte) "0123456789abcdef".indexOf(c);
    }
  }

  enum Form {
    NULL,
    TRUE,
    FALSE,
    INTEGER,
    DECIMAL,
    /** NaN or an infinity. */
    NON_FINITE,
    STRING,
    CONTAINER
  }

  static JsonValue scalar(Form form, String text) {
    return new JsonValue(form, text, NOTHING);
  }

  static JsonValue container(byte[] raw) {
    return new JsonValue(Form.CONTAINER, "", raw);
  }

  /** Whether it is a uuid as PostgreSQL writes it, in lower case. */
  static boolean isUuid(String text) {
    return uuid(text) != null;
  }

  /** The uuid that PostgreSQL writes so, in lower case; null for any other text. */
  static @Nullable UUID uuid(String text) {
    if (text.length() != 36) {
      return null;
    }
    long most = 0;
    long least = 0;
    for (int i = 0; i < 36; i++) {
      char c = text.charAt(i);
      if (i == 8 || i == 13 || i == 18 || i == 23) {
        if (c != '-') {
          return null;
        }
      } else if (c >= DIGITS.length || DIGITS[c] < 0) {
        return null;
      } else {
        most = most << 4 | least >>> 60;
        least = least << 4 | DIGITS[c];
      }
    }
    return new UUID(most, least);
  }

  /** A scalar as JSON has it, but a string without its quotes. */
  String source() {
    return switch (form) {
      case TRUE -> "true";
      case FALSE -> "false";
      case NULL -> "null";
      default -> text;
    };
  }

  /** The type of a new column for this value; never asked for null. */
  ColumnType inferred() {
    return switch (form) {
      case NULL, STRING -> inferredFromText();
      case TRUE, FALSE -> ColumnType.BOOLEAN;
      case INTEGER -> text.length() < 19 ? ColumnType.BIGINT : inferredFromLongInteger();
      case DECIMAL, NON_FINITE -> ColumnType.NUMERIC;
      case CONTAINER -> ColumnType.JSONB;
    };
  }

  private ColumnType inferredFromLongInteger() {
    try {
      Long.parseLong(text);
      return ColumnType.BIGINT;
    } catch (NumberFormatException tooLong) {
      return ColumnType.NUMERIC;
    }
  }

  private ColumnType inferredFromText() {
    if (isUuid(text)) {
      return ColumnType.UUID;
    }
    if (PointInTime.isDate(text)) {
      return ColumnType.DATE;
    }
    if (PointInTime.isInstant(text)) {
      return ColumnType.TIMESTAMPTZ;
    }
    return PointInTime.isLocal(text) ? ColumnType.TIMESTAMP : ColumnType.TEXT;
  }
}
