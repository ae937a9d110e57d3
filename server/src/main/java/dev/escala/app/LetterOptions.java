package dev.escala.app;

import dev.escala.postgres.PostgresDatabase;
import dev.escala.store.DeadLetter.Status;
import dev.escala.store.DeadLetters;
import dev.escala.store.DeadLetters.Filter;
import dev.escala.store.postgres.PostgresDeadLetters;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where the dead letters are, and which of them are meant. */
final class LetterOptions {
  @Mixin private final ConfigurationOption config = new ConfigurationOption();

  @Option(names = "--database", description = "Where there are several.")
  private @Nullable String database;

  LetterOptions() {}

  /** Which letters. */
  static final class Which {
    private final Map<String, String> words = new HashMap<>();

    Which() {}

    @Option(names = "--id", description = "This one.")
    void id(String text) {
      words.put("id", text);
    }

    @Option(names = "--topic", description = "Of this topic.")
    void topic(String text) {
      words.put("topic", text);
    }

    @Option(names = "--reason", description = "Rejected last for this, such as field.type.")
    void reason(String text) {
      words.put("reason", text);
    }

    @Option(
        names = "--status",
        description = "new, which is the default, resolved, discarded, any.")
    void status(String text) {
      words.put("status", text);
    }

    @Option(names = "--since", description = "Seen at or after 2026-01-31T12:00:00Z, or 24h ago.")
    void since(String text) {
      words.put("since", text);
    }

    @Option(names = "--until", description = "Seen before that.")
    void until(String text) {
      words.put("until", text);
    }

    Filter filter() throws CommandFailed {
      try {
        return LetterFilter.of(words::get, Status.NEW);
      } catch (LetterFilter.Unreadable unreadable) {
        throw CommandFailed.configuration("--" + unreadable.getMessage());
      }
    }
  }

  /** The work of a command. */
  interface Work<T> {
    T on(DeadLetters letters, Place place) throws CommandFailed, InterruptedException;
  }

  /** What is configured, and the database that is worked on. */
  record Place(Configuration configuration, String name, PostgresDatabase database) {}

  <T> T with(Work<T> work) throws CommandFailed, InterruptedException {
    Configuration configuration = config.read();
    String name = name(configuration);
    return ConfigurationOption.in(
        configuration,
        name,
        opened -> work.on(new PostgresDeadLetters(opened), new Place(configuration, name, opened)));
  }

  private String name(Configuration configuration) throws CommandFailed {
    if (database != null) {
      return database;
    }
    if (configuration.databases().size() > 1) {
      throw CommandFailed.configuration(
          "Which database? Say --database with one of "
              + String.join(", ", configuration.databases().keySet()));
    }
    return configuration.databases().keySet().iterator().next();
  }
}
