package dev.escala.http;

import org.jspecify.annotations.Nullable;

/**
 * An error answer: HTTP status, and the four fields of PostgREST's error body.
 *
 * @param details a sentence or null; never the text of an exception where the status is 5xx
 * @param hint what to do, or null
 */
public record Problem(
    int status, String code, String message, @Nullable String details, @Nullable String hint) {

  public static Problem of(ErrorCode code, String message, @Nullable String hint) {
    return new Problem(code.status(), code.name(), message, null, hint);
  }

  public Problem withDetails(String text) {
    return new Problem(status, code, message, text, hint);
  }

  /** The body, members sorted by name as PostgREST does. */
  String json() {
    StringBuilder json = new StringBuilder(128);
    member(json, '{', "code", code);
    member(json, ',', "details", details);
    member(json, ',', "hint", hint);
    member(json, ',', "message", message);
    return json.append('}').toString();
  }

  private static void member(StringBuilder json, char before, String name, @Nullable String text) {
    json.append(before).append('"').append(name).append("\":");
    if (text == null) {
      json.append("null");
      return;
    }
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
