package dev.escala.http;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What others may say in the head of an answer. */
public final class HeaderText {
  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  /** Visible characters of Latin-1, blanks and tabs, as HTTP/1.1 carries them. */
  private static final Pattern VALUE = Pattern.compile("[\\t -~\\u00a0-\\u00ff]*");

  /** They say where the body ends, or belong to the connection. */
  private static final Set<String> OWN =
      Set.of(
          "connection",
          "content-length",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private HeaderText() {}

  /** Whether this is a header, and none by which the server says where an answer ends. */
  public static boolean mayBeSet(String name, String value) {
    return NAME.matcher(name).matches()
        && VALUE.matcher(value).matches()
        && !OWN.contains(name.toLowerCase(Locale.ROOT));
  }

  /** What may stand within quotes: what it cannot have becomes a question mark. */
  public static String quotable(String text) {
    return text.replaceAll("[^ -~]", "?").replaceAll("([\"\\\\])", "\\\\$1");
  }

  /** A reason phrase: what it cannot have becomes blank. */
  static String reason(String text) {
    return text.replaceAll("[^ -~\\u00a0-\\u00ff]", " ").strip();
  }
}
