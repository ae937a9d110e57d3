package dev.escala.app;

import dev.escala.decode.TopicSettings;
import dev.escala.postgres.PostgresDatabase;
import dev.escala.store.StoreException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which configuration a command works with. */
final class ConfigurationOption {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration; without it the environment, as for serve.")
  private @Nullable Path file;

  ConfigurationOption() {}

  Configuration read() throws CommandFailed {
    return ConfigurationSource.read(file, System.getenv());
  }

  /**
   * The settings of a topic, be it one of all others.
   *
   * @throws CommandFailed where there is none of this name
   */
  static TopicSettings topic(Configuration configuration, String topic) throws CommandFailed {
    Optional<TopicSettings> settings =
        TopicName.isValid(topic) ? configuration.rows(topic) : Optional.empty();
    return settings.orElseThrow(
        () ->
            CommandFailed.configuration(
                "There is no topic %s; there are: %s"
                    .formatted(
                        LetterFilter.shown(topic),
                        String.join(", ", configuration.topics().keySet()))));
  }

  /** The work of a command on a database. */
  interface Work<T> {
    T on(PostgresDatabase database) throws CommandFailed, InterruptedException;
  }

  /**
   * Works on the database of this name, over connections of its own.
   *
   * @throws CommandFailed also where none is called so, or it does not answer
   */
  static <T> T in(Configuration configuration, String name, Work<T> work)
      throws CommandFailed, InterruptedException {
    Configuration.Database database = configuration.databases().get(name);
    if (database == null) {
      throw CommandFailed.configuration(
          "There is no database %s; there are: %s"
              .formatted(
                  LetterFilter.shown(name), String.join(", ", configuration.databases().keySet())));
    }
    try (PostgresDatabase opened = PostgresDatabase.open(database.writes())) {
      return work.on(opened);
    } catch (StoreException failure) {
      throw CommandFailed.failed("The database %s: %s".formatted(name, failure.getMessage()));
    }
  }
}
