package dev.escala.serve.database;

import dev.escala.http.Exchange;
import dev.escala.http.HeaderText;
import dev.escala.http.Problem;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a function of the database answers by raising an error: with the SQLSTATE {@code PTxyz} the
 * status {@code xyz}, with {@code PGRST} all of the answer, as JSON in the message and the detail.
 *
 * @param reason the phrase behind the status, or null for the usual one
 */
record RaisedAnswer(Problem problem, @Nullable String reason, Map<String, String> headers) {
  /** Those below 200 are not the last word of an answer. */
  private static final Pattern STATUS = Pattern.compile("PT([2-5]\\d\\d)");

  private static final String UNREADABLE = "PGRST121";

  private static final String OF_MESSAGE =
      "MESSAGE must be a JSON object with obligatory keys: 'code', 'message' and optional keys:"
          + " 'details', 'hint'.";

  private static final String OF_DETAIL =
      "DETAIL must be a JSON object with obligatory keys: 'status', 'headers' and optional key:"
          + " 'status_text'.";

  RaisedAnswer {
    headers = Map.copyOf(headers);
  }

  /** Empty where the error is none of these. */
  static Optional<RaisedAnswer> of(Throwable failure) {
    if (!(failure instanceof PgException raised)) {
      return Optional.empty();
    }
    String state = raised.getSqlState();
    if (state.equals("PGRST")) {
      return Optional.of(whole(String.valueOf(raised.getErrorMessage()), raised.getDetail()));
    }
    return STATUS.matcher(state).matches() ? Optional.of(withStatus(raised)) : Optional.empty();
  }

  private static RaisedAnswer withStatus(PgException raised) {
    String message = String.valueOf(raised.getErrorMessage());
    int status = Integer.parseInt(raised.getSqlState().substring(2));
    return new RaisedAnswer(
        new Problem(status, raised.getSqlState(), message, raised.getDetail(), raised.getHint()),
        message,
        Map.of());
  }

  private static RaisedAnswer whole(String message, @Nullable String detail) {
    Optional<JsonObject> said = object(message);
    if (said.isEmpty() || !hasTexts(said.get())) {
      return unreadable("Invalid JSON value for MESSAGE: '%s'".formatted(message), OF_MESSAGE);
    }
    if (detail == null) {
      return unreadable("DETAIL is missing in the RAISE statement", OF_DETAIL);
    }
    return object(detail)
        .flatMap(envelope -> answer(said.get(), envelope))
        .orElseGet(
            () -> unreadable("Invalid JSON value for DETAIL: '%s'".formatted(detail), OF_DETAIL));
  }

  private static Optional<JsonObject> object(String json) {
    try {
      return Optional.of(new JsonObject(json));
    } catch (DecodeException malformed) {
      return Optional.empty();
    }
  }

  private static boolean hasTexts(JsonObject said) {
    return said.getValue("code") instanceof String
        && said.getValue("message") instanceof String
        && isTextOrNull(said.getValue("details"))
        && isTextOrNull(said.getValue("hint"));
  }

  private static boolean isTextOrNull(@Nullable Object value) {
    return value == null || value instanceof String;
  }

  private static Optional<RaisedAnswer> answer(JsonObject said, JsonObject envelope) {
    boolean isEnvelope =
        envelope.getValue("status") instanceof Integer status
            && STATUS.matcher("PT" + status).matches()
            && envelope.getValue("headers") instanceof JsonObject headers
            && headers.stream().allMatch(RaisedAnswer::isHeader)
            && isTextOrNull(envelope.getValue("status_text"));
    if (!isEnvelope) {
      return Optional.empty();
    }
    Map<String, String> headers = new LinkedHashMap<>();
    envelope
        .getJsonObject("headers")
        .forEach(header -> headers.put(header.getKey(), String.valueOf(header.getValue())));
    Problem problem =
        new Problem(
            envelope.getInteger("status"),
            said.getString("code"),
            said.getString("message"),
            said.getString("details"),
            said.getString("hint"));
    return Optional.of(new RaisedAnswer(problem, envelope.getString("status_text"), headers));
  }

  private static boolean isHeader(Map.Entry<String, Object> header) {
    return header.getValue() instanceof String value && HeaderText.mayBeSet(header.getKey(), value);
  }

  private static RaisedAnswer unreadable(String details, String hint) {
    return new RaisedAnswer(
        new Problem(
            500,
            UNREADABLE,
            "Could not parse JSON in the \"RAISE SQLSTATE 'PGRST'\" error",
            details,
            hint),
        null,
        Map.of());
  }

  /** Whether it is as whoever wrote the function wants it. */
  boolean isMeant() {
    return !problem.code().equals(UNREADABLE);
  }

  /** Sets what is beside the body. */
  void prepare(Exchange exchange) {
    headers.forEach(exchange::with);
    if (reason != null) {
      exchange.reason(reason);
    }
  }
}
