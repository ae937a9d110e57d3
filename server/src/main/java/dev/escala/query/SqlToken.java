package dev.escala.query;

/** A piece of a SQL text, exactly as it was written. */
record SqlToken(Kind kind, String text) {

  enum Kind {
    BLANK,
    COMMENT,
    WORD,
    QUOTED,
    STRING,
    NUMBER,
    PARAMETER,
    OPERATOR,
    PUNCTUATION
  }

  boolean significant() {
    return kind != Kind.BLANK && kind != Kind.COMMENT;
  }

  /** Whether this is the given punctuation. */
  boolean is(String punctuation) {
    return kind == Kind.PUNCTUATION && text.equals(punctuation);
  }

  boolean isName() {
    return kind == Kind.WORD || kind == Kind.QUOTED;
  }

  /** Whether this is the given word, which comes in lower case; a quoted identifier never is. */
  boolean isWord(String word) {
    return kind == Kind.WORD && name().equals(word);
  }

  /** The name that PostgreSQL reads: quoted identifiers keep their case, words are folded. */
  String name() {
    return switch (kind) {
      case QUOTED -> text.substring(1, text.length() - 1).replace("\"\"", "\"");
      case PARAMETER -> text.substring(1);
      case WORD -> folded();
      case BLANK, COMMENT, STRING, NUMBER, OPERATOR, PUNCTUATION -> text;
    };
  }

  /** PostgreSQL folds ASCII only; Java's lower case would also fold the Kelvin sign to a k. */
  private String folded() {
    StringBuilder folded = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char letter = text.charAt(i);
      folded.append(letter >= 'A' && letter <= 'Z' ? (char) (letter + ('a' - 'A')) : letter);
    }
    return folded.toString();
  }
}
