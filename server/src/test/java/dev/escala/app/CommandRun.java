package dev.escala.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine;

/**
 * A command that was run as from a terminal.
 *
 * @param out what it printed
 * @param err what it said beside that
 */
record CommandRun(int exitCode, String out, String err) {
  static CommandRun of(List<String> arguments) {
    return of(arguments.toArray(String[]::new));
  }

  static CommandRun of(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line =
        EscalaCommand.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    int exitCode = EscalaCommand.exitCode(line, arguments);
    return new CommandRun(exitCode, out.toString(), err.toString());
  }

  /** All that it printed, where it ended with this code. */
  String exitsWith(int expected) {
    assertThat(exitCode).as(out + err).isEqualTo(expected);
    return out + err;
  }
}
