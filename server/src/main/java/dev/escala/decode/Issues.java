package dev.escala.decode;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * What was done to values of one message so that they could be stored: a JSON array of objects with
 * {@code column}, {@code field} (of {@code _extra}), {@code issue}, {@code from} and {@code to}.
 */
final class Issues {
  /** Of one message; how many more there are is said behind them. */
  private static final int MOST = 100;

  /** Fields are named by whoever publishes. */
  private static final int LONGEST_NAME = 200;

  /** The column that has those without one of their own. */
  private static final String EXTRA = "_extra";

  private final ByteArrayOutputStream json = new ByteArrayOutputStream(0);
  private int count;

  /** What was done. */
  enum Kind {
    /** Converted from another JSON type, as {@code coerce: lenient} says. */
    COERCED,
    /** Stored as another type because the column holds others too, as {@code widen: text} says. */
    WIDENED,
    /** Characters that cannot be stored were taken out or replaced, as {@code nul} says. */
    CLEANED,
    /** NaN or an infinity became null, as {@code non-finite: omit} says. */
    OMITTED,
    /** Digits that the type does not keep were rounded away. */
    ROUNDED
  }

  /** A value of a column. */
  void add(Kind kind, Column column, JsonValue from) {
    add(kind, column.name(), null, word(from), column.type().sql());
  }

  /** A value that became null. */
  void omitted(String column, JsonValue from) {
    add(Kind.OMITTED, column, null, from.text(), null);
  }

  /** A member of {@code _extra}. */
  void ofExtra(Kind kind, String field, JsonValue from) {
    String what = kind == Kind.OMITTED ? from.text() : word(from);
    add(kind, EXTRA, field, what, null);
  }

  /** The name of a field. */
  void cleanedName(String name) {
    add(Kind.CLEANED, name, null, "name", null);
  }

  private void add(
      Kind kind, String column, @Nullable String field, String from, @Nullable String to) {
    if (++count > MOST) {
      return;
    }
    ascii(count == 1 ? "[{" : ",{");
    member("column", column);
    member("field", field);
    member("from", from);
    member("to", to);
    ascii("\"issue\":\"" + kind.name().toLowerCase(Locale.ROOT) + "\"}");
  }

  private void member(String name, @Nullable String text) {
    if (text != null) {
      ascii("\"" + name + "\":\"");
      json.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(cut(text)));
      ascii("\",");
    }
  }

  private static String cut(String name) {
    return name.codePointCount(0, name.length()) <= LONGEST_NAME
        ? name
        : name.substring(0, name.offsetByCodePoints(0, LONGEST_NAME)) + "…";
  }

  private void ascii(String text) {
    json.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** As JSON, or null where nothing was done. */
  byte @Nullable [] json() {
    if (count == 0) {
      return null;
    }
    String end = count > MOST ? ",{\"issue\":\"more\",\"count\":%d}]".formatted(count - MOST) : "]";
    ByteArrayOutputStream whole = new ByteArrayOutputStream(json.size() + end.length());
    whole.writeBytes(json.toByteArray());
    whole.writeBytes(end.getBytes(StandardCharsets.US_ASCII));
    return whole.toByteArray();
  }

  private static String word(JsonValue value) {
    return switch (value.form()) {
      case NULL -> "null";
      case TRUE, FALSE -> "boolean";
      case INTEGER, DECIMAL, NON_FINITE -> "number";
      case STRING -> "string";
      case CONTAINER -> value.raw()[0] == '[' ? "array" : "object";
    };
  }
}
