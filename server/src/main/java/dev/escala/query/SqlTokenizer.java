package dev.escala.query;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Cuts a SQL text where PostgreSQL cuts it (its {@code scan.l} since 15, with {@code
 * standard_conforming_strings} on), and refuses what the two could read differently. The tokens put
 * together are the text again.
 */
final class SqlTokenizer {
  private static final String OPERATORS = "~!@#^&|`?+-*/%<>=";
  private static final String PUNCTUATION = "()[],;.:";
  private static final String BLANKS = " \t\n\r\f\u000b";

  /** NAMEDATALEN - 1: PostgreSQL cuts a longer name, and then it is another name. */
  private static final int MAX_NAME_BYTES = 63;

  private final String sql;
  private final List<SqlToken> tokens = new ArrayList<>();
  private final Deque<Character> brackets = new ArrayDeque<>();
  private int position;
  private boolean afterEscapeString;

  private SqlTokenizer(String sql) {
    this.sql = sql;
  }

  static List<SqlToken> tokens(String sql) throws SqlRefused {
    refuseUnreadable(sql);
    SqlTokenizer tokenizer = new SqlTokenizer(sql);
    while (tokenizer.position < sql.length()) {
      tokenizer.next();
    }
    return List.copyOf(tokenizer.tokens);
  }

  /** A lone surrogate would reach PostgreSQL as a question mark, which is an operator there. */
  private static void refuseUnreadable(String sql) throws SqlRefused {
    if (sql.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(sql)) {
      throw SqlRefused.rule(
          "The text of the SQL is not valid UTF-8 or has a NUL in it.",
          "Encode the text as UTF-8 and percent-encode it for the URL.");
    }
  }

  private void next() throws SqlRefused {
    char first = sql.charAt(position);
    if (BLANKS.indexOf(first) >= 0) {
      add(SqlToken.Kind.BLANK, endOfRun(BLANKS));
    } else if (sql.startsWith("--", position)) {
      add(SqlToken.Kind.COMMENT, endOfLine());
    } else if (sql.startsWith("/*", position)) {
      add(SqlToken.Kind.COMMENT, endOfBlockComment());
    } else if (first == '\'') {
      string(0);
    } else if (first == '"') {
      addName(SqlToken.Kind.QUOTED, endOfQuotes(position, false));
    } else if (first == '$') {
      dollar();
    } else if (startsName(first)) {
      word();
    } else if (isDigit(first)) {
      add(SqlToken.Kind.NUMBER, endOfNumber());
    } else if (OPERATORS.indexOf(first) >= 0) {
      add(SqlToken.Kind.OPERATOR, endOfOperator());
    } else if (PUNCTUATION.indexOf(first) >= 0) {
      punctuation(first);
    } else {
      throw SqlRefused.rule(
          "The character " + first + " at position " + (position + 1) + " means nothing in SQL.",
          "Put it in quotes, if it belongs to a text.");
    }
  }

  private void add(SqlToken.Kind kind, int end) {
    SqlToken token = new SqlToken(kind, sql.substring(position, end));
    tokens.add(token);
    position = end;
    if (token.significant()) {
      afterEscapeString = false;
    }
  }

  private void addName(SqlToken.Kind kind, int end) throws SqlRefused {
    add(kind, end);
    String name = tokens.getLast().name();
    if (name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
      throw SqlRefused.rule(
          "The name " + name + " is longer than " + MAX_NAME_BYTES + " bytes.",
          "PostgreSQL would cut it: write the name as it is in the database.");
    }
  }

  private void word() throws SqlRefused {
    char first = Character.toLowerCase(sql.charAt(position));
    if (first == 'u' && sql.startsWith("&\"", position + 1)) {
      throw SqlRefused.rule(
          "Identifiers with Unicode escapes (U&\"...\") are not allowed.",
          "Write the name itself in double quotes; the text is UTF-8.");
    }
    if (first == 'u' && sql.startsWith("&'", position + 1)) {
      string(2);
    } else if ("ebxn".indexOf(first) >= 0 && sql.startsWith("'", position + 1)) {
      string(1);
    } else {
      int end = position;
      while (end < sql.length() && continuesName(sql.charAt(end))) {
        end++;
      }
      addName(SqlToken.Kind.WORD, end);
    }
  }

  private void string(int prefix) throws SqlRefused {
    if (afterEscapeString) {
      // Standing on a later line it continues the E'...' before it, escapes and all.
      throw SqlRefused.rule(
          "A string follows an E'...' string.", "Write them as one string, or join them with ||.");
    }
    boolean escapes = prefix == 1 && Character.toLowerCase(sql.charAt(position)) == 'e';
    add(SqlToken.Kind.STRING, endOfQuotes(position + prefix, escapes));
    afterEscapeString = escapes;
  }

  /** The end of what starts with the quote at the index; a doubled quote does not end it. */
  private int endOfQuotes(int start, boolean escapes) throws SqlRefused {
    char quote = sql.charAt(start);
    for (int i = start + 1; i < sql.length(); i++) {
      if (escapes && sql.charAt(i) == '\\') {
        i++;
      } else if (sql.charAt(i) == quote) {
        if (i + 1 == sql.length() || sql.charAt(i + 1) != quote) {
          return i + 1;
        }
        i++;
      }
    }
    throw notClosed("The quote");
  }

  private void dollar() throws SqlRefused {
    int end = position + 1;
    if (end < sql.length() && isDigit(sql.charAt(end))) {
      throw SqlRefused.rule(
          "Numbered parameters ($1) are not allowed.",
          "Write :name in the SQL and give its value with &name=value.");
    }
    while (end < sql.length() && sql.charAt(end) != '$' && continuesName(sql.charAt(end))) {
      end++;
    }
    if (end == sql.length() || sql.charAt(end) != '$') {
      throw SqlRefused.rule(
          "The $ at position " + (position + 1) + " starts no $tag$ quote.",
          "Put it in quotes, if it belongs to a text.");
    }
    String delimiter = sql.substring(position, end + 1);
    int close = sql.indexOf(delimiter, end + 1);
    if (close < 0) {
      throw notClosed("The quote " + delimiter);
    }
    add(SqlToken.Kind.STRING, close + delimiter.length());
  }

  private int endOfLine() {
    int end = position;
    while (end < sql.length() && sql.charAt(end) != '\n' && sql.charAt(end) != '\r') {
      end++;
    }
    return end;
  }

  /** Block comments nest in PostgreSQL. */
  private int endOfBlockComment() throws SqlRefused {
    int depth = 0;
    int end = position;
    do {
      if (sql.startsWith("/*", end)) {
        depth++;
        end += 2;
      } else if (sql.startsWith("*/", end)) {
        depth--;
        end += 2;
      } else {
        end++;
      }
    } while (depth > 0 && end < sql.length());
    if (depth > 0) {
      throw notClosed("The comment");
    }
    return end;
  }

  /** An operator ends where a comment starts. */
  private int endOfOperator() {
    int end = position + 1;
    while (end < sql.length()
        && OPERATORS.indexOf(sql.charAt(end)) >= 0
        && !sql.startsWith("--", end)
        && !sql.startsWith("/*", end)) {
      end++;
    }
    return end;
  }

  /** Takes more than a number can have: PostgreSQL refuses letters that directly follow one. */
  private int endOfNumber() {
    int end = position;
    while (end < sql.length() && (startsName(sql.charAt(end)) || isDigitOrDot(end))) {
      end++;
    }
    return end;
  }

  private boolean isDigitOrDot(int index) {
    return isDigit(sql.charAt(index)) || sql.charAt(index) == '.';
  }

  private void punctuation(char first) {
    if (first == ':') {
      colon();
      return;
    }
    add(SqlToken.Kind.PUNCTUATION, position + 1);
    if (first == '(' || first == '[') {
      brackets.push(first);
    } else if (first == ')' || first == ']') {
      brackets.poll();
    }
  }

  private void colon() {
    int end = position + 1;
    if (sql.startsWith("::", position) || sql.startsWith(":=", position)) {
      add(SqlToken.Kind.PUNCTUATION, end + 1);
    } else if (end == sql.length() || !startsName(sql.charAt(end)) || slices()) {
      add(SqlToken.Kind.PUNCTUATION, end);
    } else {
      while (end < sql.length() && (startsName(sql.charAt(end)) || isDigit(sql.charAt(end)))) {
        end++;
      }
      add(SqlToken.Kind.PARAMETER, end);
    }
  }

  /** In brackets, a colon that touches the value before it parts a slice: {@code a[i:j]}. */
  private boolean slices() {
    if (brackets.isEmpty() || brackets.peek() != '[') {
      return false;
    }
    SqlToken last = tokens.getLast();
    return switch (last.kind()) {
      case WORD, QUOTED, STRING, NUMBER, PARAMETER -> true;
      case PUNCTUATION -> last.is(")") || last.is("]");
      case BLANK, COMMENT, OPERATOR -> false;
    };
  }

  private int endOfRun(String characters) {
    int end = position;
    while (end < sql.length() && characters.indexOf(sql.charAt(end)) >= 0) {
      end++;
    }
    return end;
  }

  private SqlRefused notClosed(String what) {
    return SqlRefused.rule(
        what + " that opens at position " + (position + 1) + " is not closed.",
        "Close it; in the URL a + is a blank, %2B a plus, %26 an ampersand and %23 a #.");
  }

  private static boolean startsName(char letter) {
    return letter == '_'
        || letter >= 0x80
        || (letter >= 'a' && letter <= 'z')
        || (letter >= 'A' && letter <= 'Z');
  }

  private static boolean continuesName(char letter) {
    return startsName(letter) || isDigit(letter) || letter == '$';
  }

  private static boolean isDigit(char letter) {
    return letter >= '0' && letter <= '9';
  }
}
