package dev.escala.app;

import dev.escala.ops.Logging;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/**
 * A server that runs until it is told to stop.
 *
 * @param config the configuration file; without one, the environment
 */
record Serve(Optional<Path> config, Application.Role role) {
  private static final Set<String> OPTIONS = Set.of("--config", "--role");

  /**
   * Reads {@code serve} with {@code --config FILE} and {@code --role ROLE}, as orchestrators write
   * it. picocli understands more, but its classes, compiled for Java 5, are in no cache of classes,
   * and reading them is a quarter of the start (docs/performance.md).
   *
   * @return empty if there is anything else, or anything wrong: the command line says what
   */
  static Optional<Serve> plain(String... arguments) {
    if (arguments.length % 2 == 0 || !arguments[0].equals("serve")) {
      return Optional.empty();
    }
    Map<String, String> options = new HashMap<>();
    for (int i = 1; i < arguments.length; i += 2) {
      boolean again = options.put(arguments[i], arguments[i + 1]) != null;
      if (again || !OPTIONS.contains(arguments[i]) || arguments[i + 1].matches("[-@].*")) {
        return Optional.empty();
      }
    }
    Optional<Path> config = Optional.ofNullable(options.get("--config")).map(Path::of);
    String role = options.getOrDefault("--role", "all");
    return Arrays.stream(Application.Role.values())
        .filter(known -> known.name().equalsIgnoreCase(role))
        .findFirst()
        .map(known -> new Serve(config, known));
  }

  /** Returns only if it cannot start: a process that is told to stop ends by its hook. */
  int run() throws CommandFailed, InterruptedException {
    Configuration configuration =
        ConfigurationSource.readToServe(config.orElse(null), System.getenv());
    Logging.configure(configuration.log(), System.out);
    Application application = start(configuration, role);
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

  /**
   * Starts the server.
   *
   * @throws CommandFailed with a sentence, if it cannot start
   */
  static Application start(Configuration configuration, Application.Role role)
      throws CommandFailed {
    try {
      return Application.start(configuration, role);
    } catch (RuntimeException failure) {
      throw CommandFailed.failed(
          "The server cannot start as %s: %s."
              .formatted(role.name().toLowerCase(Locale.ROOT), failure.getMessage()));
    }
  }
}
