package dev.escala.app;

/** Whether somebody watches. */
public final class Terminal {

  private Terminal() {}

  /** Standard error is where progress is drawn, so that output can be piped. */
  @SuppressWarnings("SystemConsoleNull") // null again since JDK 25 where there is no terminal
  public static boolean standardError() {
    return System.console() != null && System.console().isTerminal();
  }

  /** Where output is not piped, and nobody asked for none (https://no-color.org). */
  static boolean colours() {
    return standardError() && System.getenv("NO_COLOR") == null;
  }
}
