package dev.escala.decode;

import dev.escala.model.ReasonCode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Finds U+0000 and lone surrogates, which PostgreSQL stores neither in text nor in jsonb. */
final class UnstorableText {
  private static final byte[] REPLACEMENT = "\\ufffd".getBytes(StandardCharsets.US_ASCII);

  private UnstorableText() {}

  static String clean(String text, ColumnPolicy.Nul policy, String column) {
    int at = firstBad(text, 0);
    if (at < 0) {
      return text;
    }
    StringBuilder cleaned = new StringBuilder(text.length());
    int from = 0;
    while (at >= 0) {
      cleaned.append(text, from, at).append(substitute(policy, column));
      from = at + 1;
      at = firstBad(text, from);
    }
    return cleaned.append(text, from, text.length()).toString();
  }

  private static String substitute(ColumnPolicy.Nul policy, String column) {
    return switch (policy) {
      case REJECT -> throw refusal(column);
      case STRIP -> "";
      case REPLACE -> "\ufffd";
    };
  }

  private static Refusal refusal(String column) {
    return Refusal.of(
        ReasonCode.FIELD_NUL,
        column,
        "contains U+0000 or a lone surrogate, which PostgreSQL cannot store; set nul: strip or"
            + " nul: replace to accept it");
  }

  private static int firstBad(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        return i;
      }
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }

  /** The same for the source text of a JSON value, where such characters can only be escaped. */
  static byte[] clean(byte[] json, ColumnPolicy.Nul policy, String column) {
    ByteArrayOutputStream cleaned = null;
    int copied = 0;
    int i = 0;
    while (i < json.length) {
      if (json[i] != '\\') {
        i++;
        continue;
      }
      int length = escapeLength(json, i);
      if (length < 0) {
        if (policy == ColumnPolicy.Nul.REJECT) {
          throw refusal(column);
        }
        cleaned = cleaned == null ? new ByteArrayOutputStream(json.length) : cleaned;
        cleaned.write(json, copied, i - copied);
        if (policy == ColumnPolicy.Nul.REPLACE) {
          cleaned.write(REPLACEMENT, 0, REPLACEMENT.length);
        }
        copied = i + 6;
      }
      i += Math.abs(length);
    }
    if (cleaned == null) {
      return json;
    }
    cleaned.write(json, copied, json.length - copied);
    return cleaned.toByteArray();
  }

  /** How many bytes the escape at this place takes; -6 where it cannot be stored. */
  private static int escapeLength(byte[] json, int at) {
    if (json[at + 1] != 'u') {
      return 2;
    }
    char unit = unit(json, at);
    if (unit == 0 || Character.isLowSurrogate(unit)) {
      return -6;
    }
    if (!Character.isHighSurrogate(unit)) {
      return 6;
    }
    boolean pair =
        at + 11 < json.length
            && json[at + 6] == '\\'
            && json[at + 7] == 'u'
            && Character.isLowSurrogate(unit(json, at + 6));
    return pair ? 12 : -6;
  }

  private static char unit(byte[] json, int escape) {
    int unit = 0;
    for (int i = escape + 2; i < escape + 6; i++) {
      unit = unit << 4 | Character.digit(json[i], 16);
    }
    return (char) unit;
  }
}
