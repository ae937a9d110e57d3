package dev.escala.app;

import java.io.PrintWriter;
import java.util.Optional;

/** The entry of the program. It loads the command line only where there is one to read. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    Optional<Serve> serve = Serve.plain(arguments);
    System.exit(
        serve.isPresent()
            ? exitCode(serve.get())
            : EscalaCommand.exitCode(EscalaCommand.commandLine(), arguments));
  }

  /** An {@link Error} ends the process, too, whatever threads are left. */
  private static int exitCode(Serve serve) {
    try {
      return serve.run();
    } catch (Exception | Error failure) {
      return CommandFailed.report(failure, new PrintWriter(System.err, true, System.err.charset()));
    }
  }
}
