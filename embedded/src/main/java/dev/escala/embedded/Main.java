package dev.escala.embedded;

import dev.escala.app.EscalaCommand;
import dev.escala.fleet.FleetCommand;
import picocli.CommandLine;

/** The command line of the server, and the demo. */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(EscalaCommand.exitCode(commandLine(), arguments));
  }

  static CommandLine commandLine() {
    CommandLine commandLine = EscalaCommand.commandLine();
    commandLine.addSubcommand(new DemoCommand());
    commandLine.addSubcommand(new FleetCommand());
    commandLine.addSubcommand(new TrainCommand());
    return commandLine;
  }
}
