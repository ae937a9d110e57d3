package dev.escala.app;

import dev.escala.ops.LogSettings;
import dev.escala.ops.Logging;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.Spec;

/** The command line. Exit codes: 0 ok, 1 failed, 2 usage or configuration. */
@Command(
    name = "escala",
    description = "From a topic to a typed PostgreSQL table to an HTTP API.",
    mixinStandardHelpOptions = true,
    versionProvider = EscalaCommand.Version.class,
    subcommands = {
      ServeCommand.class,
      PublishCommand.class,
      BackfillCommand.class,
      ArchiveCommand.class,
      QueryCommand.class,
      StatusCommand.class,
      ProbeCommand.class,
      CheckCommand.class,
      KeysCommand.class,
      DeadLettersCommand.class,
      TopicsCommand.class,
      RedriveCommand.class,
      PrepareCommand.class,
      MigrateCommand.class,
      SmokeCommand.class,
      VersionCommand.class
    })
public final class EscalaCommand implements Runnable {
  @Spec private CommandSpec spec;

  EscalaCommand() {}

  /**
   * Executes a command. An {@link Error} is an exit code, too: it would end only the main thread,
   * and others would keep the process without it.
   */
  public static int exitCode(CommandLine commandLine, String... arguments) {
    try {
      return commandLine.execute(arguments);
    } catch (Error error) {
      return CommandFailed.report(error, commandLine.getErr());
    }
  }

  /** All commands of the server; the embedded edition adds its own. */
  public static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new EscalaCommand());
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setExecutionStrategy(EscalaCommand::run);
    commandLine.setExecutionExceptionHandler(
        (failure, failed, parsed) -> CommandFailed.report(failure, failed.getErr()));
    return commandLine;
  }

  /** What a command has to say it prints; of its libraries only warnings are of interest. */
  private static int run(ParseResult parsed) {
    Logging.configure(
        new LogSettings(LogSettings.Format.CONSOLE, LogSettings.Level.WARN), System.err);
    return new RunLast().execute(parsed);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which command?");
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"escala " + Build.current()};
    }
  }
}
