package dev.escala.app;

import dev.escala.observe.Observer;
import dev.escala.store.StoreException;
import dev.escala.store.postgres.PostgresStore;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What a deployment runs before the servers are replaced; the ones that run go on working. */
@Command(
    name = "migrate",
    description = "Brings the schema escala of every database to the version of this program.",
    mixinStandardHelpOptions = true)
final class MigrateCommand implements Callable<Integer> {
  private static final Observer NOBODY = observation -> {};

  @Spec private CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration; without it the environment alone (ESCALA_DATABASE_URL, …).")
  private @Nullable Path config;

  MigrateCommand() {}

  @Override
  public Integer call() throws CommandFailed {
    Configuration configuration = ConfigurationSource.read(config, System.getenv());
    PrintWriter out = spec.commandLine().getOut();
    for (Map.Entry<String, Configuration.Database> entry : configuration.databases().entrySet()) {
      try (PostgresStore store = PostgresStore.open(entry.getValue().writes(), NOBODY)) {
        out.println("database %s: at version %s".formatted(entry.getKey(), store.migrate()));
      } catch (StoreException failure) {
        throw CommandFailed.failed(
            "The database %s was not migrated: %s".formatted(entry.getKey(), failure.getMessage()));
      }
    }
    return 0;
  }
}
