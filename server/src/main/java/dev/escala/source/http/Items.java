package dev.escala.source.http;

import dev.escala.http.ErrorCode;
import dev.escala.model.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/** Splits a body into its items, which are slices of it. */
final class Items {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();
  private static final List<String> LINES =
      List.of(
          "application/x-ndjson",
          "application/ndjson",
          "application/jsonl",
          "application/jsonlines",
          "application/x-jsonlines");

  private final byte[] body;
  private final int maxItems;
  private final List<Payload> items = new ArrayList<>();

  private Items(byte[] body, int maxItems) {
    this.body = body;
    this.maxItems = maxItems;
  }

  /**
   * Lines where the media type says so, each of them an item, well-formed or not. Else JSON: the
   * elements of an array, or one object; and where the type is not JSON either, such as what curl
   * sends by itself, also lines, or objects one after the other.
   */
  static List<Payload> of(byte[] body, @Nullable String contentType, int maxItems)
      throws RequestRefused {
    Items split = new Items(body, maxItems);
    String type = mediaType(contentType);
    int start = split.start();
    if (start == body.length) {
      throw new RequestRefused(
          ErrorCode.ESC112,
          "The body is empty",
          "Send a JSON object, an array of objects, or one object a line.");
    }
    if (LINES.contains(type)) {
      split.lines(start);
    } else {
      split.json(start, type.equals("application/json") || type.endsWith("+json"));
    }
    return split.items;
  }

  private static String mediaType(@Nullable String contentType) {
    return contentType == null ? "" : contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  /** Behind a byte order mark and white space. */
  private int start() {
    int start =
        body.length >= 3
                && body[0] == (byte) 0xEF
                && body[1] == (byte) 0xBB
                && body[2] == (byte) 0xBF
            ? 3
            : 0;
    while (start < body.length && isSpace(body[start])) {
      start++;
    }
    return start;
  }

  private static boolean isSpace(byte character) {
    return character == ' ' || character == '\t' || character == '\r' || character == '\n';
  }

  private void add(int from, int to) throws RequestRefused {
    if (items.size() == maxItems) {
      throw new RequestRefused(
          ErrorCode.ESC110,
          "The body has more than %,d items".formatted(maxItems),
          "Send it in parts.");
    }
    items.add(Payload.of(body, from, to - from));
  }

  private void lines(int start) throws RequestRefused {
    int from = start;
    while (from < body.length) {
      int next = from;
      while (next < body.length && body[next] != '\n') {
        next++;
      }
      int to = next;
      while (to > from && isSpace(body[to - 1])) {
        to--;
      }
      while (from < to && isSpace(body[from])) {
        from++;
      }
      if (to > from) {
        add(from, to);
      }
      from = next + 1;
    }
  }

  private void json(int start, boolean declared) throws RequestRefused {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body)) {
      json(parser, start, declared);
    }
  }

  private void json(JsonParser parser, int start, boolean declared) throws RequestRefused {
    try {
      if (parser.nextToken() == JsonToken.START_ARRAY) {
        elements(parser);
      } else {
        values(parser, start, declared);
      }
    } catch (JacksonException malformed) {
      // What is too deep or too long for the parser comes without a place.
      TokenStreamLocation where = malformed.getLocation();
      throw notJson(
          malformed.getOriginalMessage(), where == null ? parser.currentLocation() : where);
    }
  }

  private void elements(JsonParser parser) throws RequestRefused {
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      value(parser);
    }
    if (parser.nextToken() != null) {
      throw notJson("something follows the array", parser.currentTokenLocation());
    }
  }

  private void values(JsonParser parser, int start, boolean declared) throws RequestRefused {
    int end = value(parser);
    int next = end;
    boolean newLine = false;
    while (next < body.length && isSpace(body[next])) {
      newLine |= body[next++] == '\n';
    }
    if (next == body.length) {
      return;
    }
    if (declared) {
      throw notJson("it goes on after the first value", parser.currentLocation());
    }
    if (newLine) {
      items.clear();
      lines(start);
      return;
    }
    while (parser.nextToken() != null) {
      value(parser);
    }
  }

  /** Adds the value at which the parser stands, and returns where it ends. */
  private int value(JsonParser parser) throws RequestRefused {
    int from = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    parser.finishToken();
    int to = (int) parser.currentLocation().getByteOffset();
    if (from < 0 || to < from) {
      throw new RequestRefused(ErrorCode.ESC112, "The body is not UTF-8", "Send JSON in UTF-8.");
    }
    // A number at the top level ends with the white space behind it.
    while (isSpace(body[to - 1])) {
      to--;
    }
    add(from, to);
    return to;
  }

  private static RequestRefused notJson(String what, TokenStreamLocation where) {
    return new RequestRefused(
        ErrorCode.ESC112,
        "The body is not well-formed JSON at line %d, column %d: %s"
            .formatted(where.getLineNr(), where.getColumnNr(), what),
        "Nothing is stored. Lines that stand for themselves, each well-formed or not, are sent with"
            + " Content-Type: application/x-ndjson.");
  }
}
