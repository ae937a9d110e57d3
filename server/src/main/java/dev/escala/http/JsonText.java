package dev.escala.http;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes small values as JSON: maps, collections, texts, numbers, booleans and null. */
public final class JsonText {

  private JsonText() {}

  /** Anything else than the types above is written as its text. */
  public static String of(@Nullable Object value) {
    StringBuilder json = new StringBuilder(256);
    append(json, value);
    return json.toString();
  }

  public static void append(StringBuilder json, @Nullable Object value) {
    switch (value) {
      case null -> json.append("null");
      case Double number when !Double.isFinite(number) -> json.append("null");
      case Number number -> json.append(number);
      case Boolean flag -> json.append(flag);
      case Map<?, ?> map -> appendMap(json, map);
      case Collection<?> collection -> appendCollection(json, collection);
      default -> appendText(json, value.toString());
    }
  }

  private static void appendMap(StringBuilder json, Map<?, ?> map) {
    char before = '{';
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      json.append(before);
      appendText(json, String.valueOf(entry.getKey()));
      json.append(':');
      append(json, entry.getValue());
      before = ',';
    }
    json.append(before == '{' ? "{}" : "}");
  }

  private static void appendCollection(StringBuilder json, Collection<?> collection) {
    char before = '[';
    for (Object item : collection) {
      json.append(before);
      append(json, item);
      before = ',';
    }
    json.append(before == '[' ? "[]" : "]");
  }

  private static void appendText(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> json.append('\\').append(c);
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        default -> {
          if (c < 0x20 || (Character.isSurrogate(c) && !pairedAt(text, i))) {
            json.append("\\u%04x".formatted((int) c));
          } else {
            json.append(c);
          }
        }
      }
    }
    json.append('"');
  }

  private static boolean pairedAt(String text, int i) {
    return Character.isHighSurrogate(text.charAt(i))
        ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
        : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
  }
}
