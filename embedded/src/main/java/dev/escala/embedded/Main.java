package dev.escala.embedded;

/** The command line of the server, and the demo. */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(dev.escala.app.Main.commandLine().execute(arguments));
  }
}
