package dev.escala.http;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An error answer: HTTP status, and the four fields of PostgREST's error body.
 *
 * @param details a sentence, what {@link JsonText} writes, or null; never the text of an exception
 *     where the status is 5xx
 * @param hint what to do, or null
 * @param more further members of the body, behind the four
 */
public record Problem(
    int status,
    String code,
    String message,
    @Nullable Object details,
    @Nullable String hint,
    Map<String, Object> more) {

  /** An error with the four fields alone. */
  public Problem(
      int status, String code, String message, @Nullable Object details, @Nullable String hint) {
    this(status, code, message, details, hint, Map.of());
  }

  public static Problem of(ErrorCode code, String message, @Nullable String hint) {
    return new Problem(code.status(), code.name(), message, null, hint);
  }

  public Problem withDetails(String text) {
    return new Problem(status, code, message, text, hint, more);
  }

  /** The same, saying more to programs. */
  public Problem with(Map<String, Object> members) {
    return new Problem(status, code, message, details, hint, members);
  }

  /** The body, members sorted by name as PostgREST does. */
  public String json() {
    return JsonText.of(members());
  }

  /** The members of the body by name. */
  public Map<String, @Nullable Object> members() {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("code", code);
    members.put("details", details);
    members.put("hint", hint);
    members.put("message", message);
    members.putAll(more);
    return members;
  }
}
