package dev.escala.decode;

import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A value of a field, as it stands in the message.
 *
 * @param text of a string or a number; empty otherwise
 * @param raw the bytes of a container; empty otherwise
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one message and is never compared
record JsonValue(Form form, String text, byte[] raw) {
  private static final byte[] NOTHING = {};
  private static final Pattern UUID_FORM =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

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

  static boolean isUuid(String text) {
    return text.length() == 36 && UUID_FORM.matcher(text).matches();
  }

  static UUID uuid(String text) {
    return UUID.fromString(text);
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
