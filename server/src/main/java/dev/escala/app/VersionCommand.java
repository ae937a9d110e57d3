package dev.escala.app;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "version", description = "Prints version and commit.")
final class VersionCommand implements Runnable {
  @Spec private CommandSpec spec;

  VersionCommand() {}

  @Override
  public void run() {
    spec.commandLine().getOut().println("escala " + Build.current());
  }
}
