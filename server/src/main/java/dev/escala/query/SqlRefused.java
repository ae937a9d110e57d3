package dev.escala.query;

/** A text for the SQL endpoint that is not run: what is wrong with it, and what to do instead. */
public final class SqlRefused extends Exception {
  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final String hint;

  private SqlRefused(Kind kind, String message, String hint) {
    super(message, null, false, false);
    this.kind = kind;
    this.hint = hint;
  }

  static SqlRefused rule(String message, String hint) {
    return new SqlRefused(Kind.RULE, message, hint);
  }

  static SqlRefused parameter(String message, String hint) {
    return new SqlRefused(Kind.PARAMETER, message, hint);
  }

  /** A parameter with more than one value. */
  public static SqlRefused givenTwice(String name) {
    return parameter(
        "The parameter " + name + " is given more than once.",
        "Give it once; encode & as %26 where it is part of the SQL.");
  }

  public Kind kind() {
    return kind;
  }

  public String message() {
    return String.valueOf(getMessage());
  }

  public String hint() {
    return hint;
  }

  /** Whether the text itself is at fault, or the values that came with it. */
  public enum Kind {
    RULE,
    PARAMETER
  }
}
