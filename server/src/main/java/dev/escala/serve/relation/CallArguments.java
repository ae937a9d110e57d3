package dev.escala.serve.relation;

import dev.escala.query.Arguments;
import dev.escala.query.QueryRefused;
import dev.escala.query.QueryString;
import dev.escala.query.QueryString.Parameter;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Arguments of a function out of a query string.
 *
 * @param rest what is asked of the result
 */
record CallArguments(Arguments arguments, QueryString rest) {
  private static final Set<String> RESERVED =
      Set.of("select", "order", "limit", "offset", "and", "or");

  private static final Pattern OPERATOR =
      Pattern.compile(
          "(not\\.)?((eq|neq|gt|gte|lt|lte|like|ilike|match|imatch|in|is|isdistinct|cs|cd|ov|sl|sr"
              + "|nxr|nxl|adj)(\\((any|all)\\))?|(fts|plfts|phfts|wfts)(\\([^)]*\\))?)\\..*",
          Pattern.DOTALL);

  /**
   * Parts a query string: a value with an operator in front is a filter of the result.
   *
   * @param takesFormat whether {@code format} is an argument, and not the form of the answer
   */
  static CallArguments split(QueryString query, boolean takesFormat) {
    List<Parameter> given = new ArrayList<>();
    List<Parameter> rest = new ArrayList<>();
    for (Parameter parameter : query.parameters()) {
      boolean isForm = !takesFormat && Accepted.isFormat(parameter);
      (isArgument(parameter) && !isForm ? given : rest).add(parameter);
    }
    return new CallArguments(texts(given), new QueryString(rest));
  }

  private static boolean isArgument(Parameter parameter) {
    String key = parameter.key();
    String last = key.substring(key.lastIndexOf('.') + 1);
    return !RESERVED.contains(last)
        && !key.contains(".")
        && !OPERATOR.matcher(parameter.value()).matches();
  }

  private static Arguments texts(List<Parameter> given) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (Parameter parameter : given) {
      values.computeIfAbsent(parameter.key(), ignored -> new ArrayList<>()).add(parameter.value());
    }
    return new Arguments.Texts(values);
  }

  /** Of a body: the members of an object, a form, or one value for a parameter without a name. */
  static Arguments of(@Nullable String contentType, byte[] body) throws QueryRefused {
    String type = contentType == null ? "application/json" : contentType;
    int parameters = type.indexOf(';');
    String media = (parameters < 0 ? type : type.substring(0, parameters)).strip();
    return switch (media.toLowerCase(Locale.ROOT)) {
      case "application/json", "application/vnd.pgrst.object+json" -> json(text(body));
      case "application/x-www-form-urlencoded" ->
          texts(QueryString.parse(new String(body, StandardCharsets.ISO_8859_1)).parameters());
      case "text/plain" -> new Arguments.Whole("text", text(body));
      case "text/xml" -> new Arguments.Whole("xml", text(body));
      case "application/octet-stream" ->
          new Arguments.Whole("bytea", Base64.getEncoder().encodeToString(body));
      default -> throw QueryRefused.body("Content-Type not acceptable: " + type);
    };
  }

  private static String text(byte[] body) {
    return new String(body, StandardCharsets.UTF_8);
  }

  private static Arguments json(String body) throws QueryRefused {
    if (body.isBlank()) {
      return new Arguments.Members("{}", Set.of());
    }
    if (body.indexOf('\0') >= 0) {
      throw QueryRefused.body("Empty or invalid json");
    }
    try {
      return Json.decodeValue(body) instanceof JsonObject object
          ? new Arguments.Members(body, object.fieldNames())
          : new Arguments.Whole("json", body);
    } catch (DecodeException malformed) {
      throw QueryRefused.body("Empty or invalid json");
    }
  }
}
