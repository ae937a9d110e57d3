package dev.escala.query;

/** Reads a text from left to right; what does not fit becomes a syntax error at its column. */
final class Scanner {
  private final String what;
  private final String text;
  private int position;

  /** What is parsed, such as {@code filter}, for the message of an error. */
  Scanner(String what, String text) {
    this.what = what;
    this.text = text;
  }

  boolean atEnd() {
    return position == text.length();
  }

  /** The next character, or NUL at the end. */
  char peek() {
    return atEnd() ? '\0' : text.charAt(position);
  }

  boolean looksAt(String expected) {
    return text.startsWith(expected, position);
  }

  /** Steps over the text if it is next. */
  boolean take(String expected) {
    boolean next = looksAt(expected);
    position += next ? expected.length() : 0;
    return next;
  }

  void require(String expected) throws QueryRefused {
    if (!take(expected)) {
      throw unexpected("\"" + expected + "\"");
    }
  }

  void requireEnd() throws QueryRefused {
    if (!atEnd()) {
      throw unexpected("end of input");
    }
  }

  char next() {
    return text.charAt(position++);
  }

  int position() {
    return position;
  }

  void back(int earlier) {
    position = earlier;
  }

  String rest() {
    String rest = text.substring(position);
    position = text.length();
    return rest;
  }

  /** Up to one of the characters, or to the end. */
  String until(String stops) {
    int start = position;
    while (!atEnd() && stops.indexOf(peek()) < 0) {
      position++;
    }
    return text.substring(start, position);
  }

  void skipBlanks() {
    while (peek() == ' ' || peek() == '\t') {
      position++;
    }
  }

  /** A text in double quotes, in which a backslash takes the next character as it is. */
  String quoted() throws QueryRefused {
    require("\"");
    StringBuilder value = new StringBuilder();
    while (peek() != '"') {
      if (peek() == '\\' && !atEnd()) {
        position++;
      }
      if (atEnd()) {
        throw unexpected("\"\\\"\"");
      }
      value.append(next());
    }
    position++;
    return value.toString();
  }

  /** A name: quoted, or letters, digits, {@code _}, blanks and {@code $}, joined by hyphens. */
  String name() throws QueryRefused {
    if (peek() == '"') {
      return quoted();
    }
    int start = position;
    while (isPiece() || isHyphenInside()) {
      position++;
    }
    String name = text.substring(start, position).strip();
    if (name.isEmpty()) {
      throw unexpected("field name (* or [a..z0..9_$])");
    }
    return name;
  }

  /** The characters of a name without quotes and hyphens: all that a cast may hold. */
  String piece() throws QueryRefused {
    int start = position;
    while (isPiece()) {
      position++;
    }
    String piece = text.substring(start, position).strip();
    if (piece.isEmpty()) {
      throw unexpected("letter, digit, \"_\", \" \" or \"$\"");
    }
    return piece;
  }

  private boolean isPiece() {
    if (atEnd()) {
      return false;
    }
    int point = text.codePointAt(position);
    if (Character.isSupplementaryCodePoint(point) && Character.isLetterOrDigit(point)) {
      position++;
      return true;
    }
    return Character.isLetterOrDigit(point) || point == '_' || point == ' ' || point == '$';
  }

  private boolean isHyphenInside() {
    return peek() == '-' && !looksAt("->");
  }

  QueryRefused unexpected(String expected) {
    String found =
        atEnd() ? "end of input" : "\"" + Character.toString(text.codePointAt(position)) + "\"";
    return QueryRefused.syntax(
        "\"failed to parse %s (%s)\" (line 1, column %d)".formatted(what, text, position + 1),
        "unexpected %s expecting %s".formatted(found, expected));
  }
}
