package dev.escala.app;

import java.io.PrintWriter;

/** Ends a command with a sentence for people: what went wrong, where, and what to do. */
public final class CommandFailed extends Exception {
  private static final long serialVersionUID = 1L;

  /** Of work that was not done. */
  public static final int EXIT_CODE = 1;

  private static final int CONFIGURATION = 2;

  private final int exitCode;

  private CommandFailed(String message, int exitCode) {
    super(message);
    this.exitCode = exitCode;
  }

  /** The work was not done: exit code 1. */
  public static CommandFailed failed(String message) {
    return new CommandFailed(message, EXIT_CODE);
  }

  /** What was asked for or configured cannot be right: exit code 2. */
  public static CommandFailed configuration(String message) {
    return new CommandFailed(message, CONFIGURATION);
  }

  /**
   * Prints why a command failed, and returns its exit code. A stack trace is for errors of ours
   * only.
   */
  static int report(Throwable failure, PrintWriter err) {
    if (failure instanceof CommandFailed told) {
      err.println(told.getMessage());
      return told.exitCode;
    }
    failure.printStackTrace(err);
    return EXIT_CODE;
  }
}
