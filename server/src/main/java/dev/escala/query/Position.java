package dev.escala.query;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where in the order of a walk a page begins; as a token, the value of {@code after}.
 *
 * <p>Not secret and not signed: what it says is bound as values, like any filter.
 */
sealed interface Position {
  String NULLS = "N";
  String VALUES = "V";

  /** The first row of all. */
  record Beginning() implements Position {}

  /** The first row that has no value of the first term, behind all that have one. */
  record FirstWithout() implements Position {}

  /** The first row that has a value of the first term, behind all that have none. */
  record FirstWith() implements Position {}

  /** The row after the one that has these values, one of each term. */
  record After(List<@Nullable String> values) implements Position {
    public After {
      values = Collections.unmodifiableList(new ArrayList<>(values));
    }

    boolean startsWithNull() {
      return values.getFirst() == null;
    }
  }

  /** Reads a token; the empty one is the beginning. */
  static Position of(String token) throws QueryRefused {
    if (token.isEmpty()) {
      return new Beginning();
    }
    String text = decoded(token);
    return switch (text) {
      case NULLS -> new FirstWithout();
      case VALUES -> new FirstWith();
      default -> new After(values(text));
    };
  }

  private static String decoded(String token) throws QueryRefused {
    try {
      byte[] utf8 = Base64.getUrlDecoder().decode(token);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (IllegalArgumentException | CharacterCodingException malformed) {
      throw QueryRefused.noPosition();
    }
  }

  /** Each value ends with NUL, which no text of PostgreSQL has. */
  private static List<@Nullable String> values(String text) throws QueryRefused {
    List<@Nullable String> values = new ArrayList<>();
    int start = 0;
    while (start < text.length()) {
      int end = text.indexOf('\0', start);
      char kind = text.charAt(start);
      boolean isNull = kind == '-' && end == start + 1;
      if (end < 0 || (kind != '=' && !isNull)) {
        throw QueryRefused.noPosition();
      }
      values.add(isNull ? null : text.substring(start + 1, end));
      start = end + 1;
    }
    return values;
  }

  /** The token that reads as this. */
  default String token() {
    String text =
        switch (this) {
          case Beginning ignored -> "";
          case FirstWithout ignored -> NULLS;
          case FirstWith ignored -> VALUES;
          case After after -> text(after.values());
        };
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(List<@Nullable String> values) {
    StringBuilder text = new StringBuilder();
    for (String value : values) {
      text.append(value == null ? "-" : "=" + value).append('\0');
    }
    return text.toString();
  }
}
