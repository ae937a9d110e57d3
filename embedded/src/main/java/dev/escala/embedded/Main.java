package dev.escala.embedded;

import dev.escala.fleet.FleetCommand;
import picocli.CommandLine;

/** The command line of the server, and the demo. */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(dev.escala.app.Main.exitCode(commandLine(), arguments));
  }

  static CommandLine commandLine() {
    CommandLine commandLine = dev.escala.app.Main.commandLine();
    commandLine.addSubcommand(new DemoCommand());
    commandLine.addSubcommand(new FleetCommand());
    commandLine.addSubcommand(new TrainCommand());
    return commandLine;
  }
}
