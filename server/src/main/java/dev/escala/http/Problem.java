package dev.escala.http;

import java.util.Map;
import java.util.TreeMap;
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
  public String json() {
    Map<String, @Nullable Object> members = new TreeMap<>();
    members.put("code", code);
    members.put("details", details);
    members.put("hint", hint);
    members.put("message", message);
    return JsonText.of(members);
  }
}
