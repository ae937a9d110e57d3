package dev.escala.embedded;

import dev.escala.app.EscalaCommand;
import dev.escala.fleet.FleetCommand;
import dev.escala.slo.command.SloCommand;
import picocli.CommandLine;

/**
 * The command line of the server, with what only a source tree has: the demo, the fleet, the SLO
 * files.
 */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(EscalaCommand.exitCode(commandLine(), arguments));
  }

  static CommandLine commandLine() {
    CommandLine commandLine = EscalaCommand.commandLine();
    commandLine.addSubcommand(new DemoCommand());
    commandLine.addSubcommand(new FleetCommand());
    commandLine.addSubcommand(new SloCommand());
    commandLine.addSubcommand(new TrainCommand());
    return commandLine;
  }
}
