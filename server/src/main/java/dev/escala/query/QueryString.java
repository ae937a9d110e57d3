package dev.escala.query;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The parameters of a request, percent-decoded, in their order.
 *
 * @param bare keys without {@code =}, which ask for nothing
 */
public record QueryString(List<Parameter> parameters, List<String> bare) {

  /** A key and its value. */
  public record Parameter(String key, String value) {}

  public QueryString {
    parameters = List.copyOf(parameters);
    bare = List.copyOf(bare);
  }

  public QueryString(List<Parameter> parameters) {
    this(parameters, List.of());
  }

  /** Decodes what stands behind the question mark. */
  public static QueryString parse(String text) throws QueryRefused {
    List<Parameter> parameters = new ArrayList<>();
    List<String> bare = new ArrayList<>();
    int start = 0;
    while (start < text.length()) {
      int end = text.indexOf('&', start);
      end = end < 0 ? text.length() : end;
      int equals = text.indexOf('=', start, end);
      if (equals >= 0) {
        parameters.add(
            new Parameter(
                decode(text.substring(start, equals)), decode(text.substring(equals + 1, end))));
      } else if (end > start) {
        bare.add(decode(text.substring(start, end)));
      }
      start = end + 1;
    }
    return new QueryString(parameters, bare);
  }

  private static String decode(String text) throws QueryRefused {
    if (isPlain(text)) {
      return text;
    }
    // Octets that stand unencoded in a request line arrive as one character each.
    byte[] utf8 = text.getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer decoded = ByteBuffer.allocate(utf8.length);
    for (int i = 0; i < utf8.length; i++) {
      switch (utf8[i]) {
        case '+' -> decoded.put((byte) ' ');
        case '%' -> {
          decoded.put(octet(utf8, i + 1, text));
          i += 2;
        }
        default -> decoded.put(utf8[i]);
      }
    }
    return checked(decoded.flip(), text);
  }

  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '+' || c == '%' || c == 0 || c > 0x7e) {
        return false;
      }
    }
    return true;
  }

  private static byte octet(byte[] utf8, int at, String text) throws QueryRefused {
    int high = at + 1 < utf8.length ? Character.digit(utf8[at], 16) : -1;
    int low = at + 1 < utf8.length ? Character.digit(utf8[at + 1], 16) : -1;
    if (high < 0 || low < 0) {
      throw malformed(text, "unexpected \"%\" without two hexadecimal digits");
    }
    return (byte) (high * 16 + low);
  }

  private static String checked(ByteBuffer utf8, String text) throws QueryRefused {
    try {
      String decoded = StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
      if (decoded.indexOf('\0') >= 0) {
        throw malformed(text, "unexpected NUL, which PostgreSQL cannot store");
      }
      return decoded;
    } catch (CharacterCodingException notUtf8) {
      throw malformed(text, "unexpected bytes that are not UTF-8");
    }
  }

  private static QueryRefused malformed(String text, String details) {
    return QueryRefused.syntax("\"failed to parse query string (%s)\"".formatted(text), details);
  }
}
