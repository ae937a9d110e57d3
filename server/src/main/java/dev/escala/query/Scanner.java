package dev.escala.query;

/** Reads a text from left to right; what does not fit becomes a syntax error at its column. */
final class Scanner {
  /** In the words of PostgREST. */
  static final String FIELD_NAME = "field name (* or [a..z0..9_$])";

  private final String what;
  private final String text;
  private final int before;
  private int position;

  /** What is parsed, such as {@code filter}, for the message of an error. */
  Scanner(String what, String text) {
    this(what, text, 0);
  }

  /** A text behind so many characters, which count in the column of an error. */
  Scanner(String what, String text, int before) {
    this.what = what;
    this.text = text;
    this.before = before;
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
    require(expected, "\"" + expected + "\"");
  }

  /** Something that has a name in the message of an error. */
  void require(String expected, String called) throws QueryRefused {
    if (!take(expected)) {
      throw unexpected(called);
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

  /**
   * A quoted text behind which the value ends. Where it goes on, or is not closed, the quotes
   * belong to a value that goes up to one of the stops.
   */
  String perhapsQuoted(String stops) throws QueryRefused {
    int start = position;
    if (peek() == '"' && closesQuote()) {
      position = start;
      String value = quoted();
      if (atEnd() || stops.indexOf(peek()) >= 0) {
        return value;
      }
    }
    position = start;
    return until(stops);
  }

  private boolean closesQuote() {
    position++;
    while (!atEnd() && peek() != '"') {
      position += peek() == '\\' ? 2 : 1;
      position = Math.min(position, text.length());
    }
    return !atEnd();
  }

  /**
   * A name: quoted, or letters, digits, {@code _}, blanks and {@code $}, joined by hyphens; blanks
   * around each part do not count.
   */
  String name() throws QueryRefused {
    return name(FIELD_NAME);
  }

  String name(String expected) throws QueryRefused {
    if (peek() == '"') {
      return quoted();
    }
    if (!isPiece()) {
      throw unexpected(expected);
    }
    String first = piece();
    String name = takeHyphenInside() ? hyphenated(first) : first;
    if (name.isEmpty()) {
      throw unexpected(expected);
    }
    return name;
  }

  /** The scanner stands behind the first hyphen. */
  private String hyphenated(String first) throws QueryRefused {
    StringBuilder name = new StringBuilder(first);
    do {
      if (!isPiece()) {
        throw unexpected("letter or digit");
      }
      name.append('-').append(piece());
    } while (takeHyphenInside());
    return name.toString();
  }

  private String piece() {
    int start = position;
    while (isPiece()) {
      position++;
    }
    return text.substring(start, position).strip();
  }

  /** A hyphen that is not the begin of an arrow. */
  boolean takeHyphenInside() {
    boolean inside = peek() == '-' && !looksAt("->");
    position += inside ? 1 : 0;
    return inside;
  }

  /**
   * Names of SQL, parted by blanks: all that a cast may hold. They stand in the SQL as they are, so
   * none starts with a {@code $}, which would be a parameter there or open a quote.
   */
  String names(String expected) throws QueryRefused {
    int start = position;
    boolean inName = false;
    while (isPiece() && (peek() != '$' || inName)) {
      inName = peek() != ' ' && (inName || !Character.isDigit(text.codePointAt(position)));
      position++;
    }
    String names = text.substring(start, position).strip();
    if (names.isEmpty() || peek() == '$') {
      throw unexpected(expected);
    }
    return names;
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

  /** An error here, where one of these was expected. */
  QueryRefused unexpected(String expected) {
    return unexpected(position, expected);
  }

  /** An error here, where this word, or something else, differs first. */
  QueryRefused unexpectedIn(String word, String expected) {
    int same = 0;
    while (same < word.length() && text.startsWith(word.substring(0, same + 1), position)) {
      same++;
    }
    return unexpected(position + same, expected);
  }

  /** In the words of PostgREST, whose parser quotes in this way where the end would do as well. */
  private QueryRefused unexpected(int at, String expected) {
    String quote = expected.endsWith("end of input") ? "'" : "\"";
    String found =
        at >= text.length()
            ? "end of input"
            : quote + Character.toString(text.codePointAt(at)) + quote;
    return QueryRefused.syntax(
        "\"failed to parse %s (%s)\" (line 1, column %d)"
            .formatted(what, text, before + position + 1),
        "unexpected %s expecting %s".formatted(found, expected));
  }
}
