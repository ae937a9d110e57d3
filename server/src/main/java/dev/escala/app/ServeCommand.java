package dev.escala.app;

import dev.escala.ops.Logging;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
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
    Configuration configuration = ConfigurationSource.read(config, System.getenv());
    Logging.configure(configuration.log(), System.out);
    Application application = start(configuration);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  application.close();
                  stopped.countDown();
                },
                "shutdown"));
    stopped.await();
    return 0;
  }

  private Application start(Configuration configuration) throws CommandFailed {
    try {
      return Application.start(configuration, role);
    } catch (RuntimeException failure) {
      throw CommandFailed.failed(
          "The server cannot start as %s: %s."
              .formatted(role.name().toLowerCase(Locale.ROOT), failure.getMessage()));
    }
  }
}
