package dev.escala.app;

import dev.escala.postgres.PostgresDatabase;
import dev.escala.store.StoreException;
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
      try (PostgresDatabase database = PostgresDatabase.open(entry.getValue().writes())) {
        out.println("database %s: at version %s".formatted(entry.getKey(), database.migrate()));
      } catch (StoreException failure) {
        throw CommandFailed.failed(
            "The database %s was not migrated: %s".formatted(entry.getKey(), failure.getMessage()));
      }
    }
    return 0;
  }
}
