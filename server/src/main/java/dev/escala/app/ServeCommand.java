package dev.escala.app;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "serve",
    description = {
      "Runs the server until it is told to stop: it then takes nothing new, settles and answers"
          + " what is under way, and ends with 130 after Ctrl-C, 143 after SIGTERM."
    },
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration; without it the environment alone (ESCALA_DATABASE_URL, …).")
  private @Nullable Path config;

  @Option(
      names = "--role",
      defaultValue = "all",
      description = "all, ingest or api. Default: ${DEFAULT-VALUE}")
  private Application.Role role;

  ServeCommand() {}

  @Override
  public Integer call() throws CommandFailed, InterruptedException {
    return serve().run();
  }

  Serve serve() {
    return new Serve(Optional.ofNullable(config), role);
  }
}
