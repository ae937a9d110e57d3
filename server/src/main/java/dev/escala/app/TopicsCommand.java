package dev.escala.app;

import dev.escala.config.ConfigurationException;
import dev.escala.config.ConfigurationFile;
import dev.escala.decode.Inference;
import dev.escala.decode.Rollup;
import dev.escala.decode.TableName;
import dev.escala.decode.TopicSettings;
import dev.escala.ops.LogObserver;
import dev.escala.publish.FileRefused;
import dev.escala.publish.MessageFile;
import dev.escala.store.postgres.TopicTables;
import dev.escala.store.postgres.TopicTables.Listed;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Works on topics and their tables. */
@Command(
    name = "topics",
    description = "Lists topics, infers one from a file, and changes their tables.",
    mixinStandardHelpOptions = true)
final class TopicsCommand implements Runnable {
  @Spec private CommandSpec spec;

  TopicsCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "list, infer, rename, drop, distribute or rebuild-rollup?");
  }

  @Command(
      description = "Lists the tables of topics, with their size as PostgreSQL last estimated it.",
      mixinStandardHelpOptions = true)
  int list(@Mixin ConfigurationOption config) throws CommandFailed, InterruptedException {
    Configuration configuration = config.read();
    ArrayNode rows = JsonMapper.shared().createArrayNode();
    for (Map.Entry<String, Configuration.Database> each : configuration.databases().entrySet()) {
      for (Listed table : in(configuration, each.getKey(), TopicTables::list)) {
        TableName name = new TableName(each.getKey(), table.schema(), table.table());
        ObjectNode row = rows.addObject();
        row.put("topic", topic(configuration, name).orElse(String.valueOf(table.topic())));
        row.put("table", name.toString());
        row.put("rows", table.rows());
        row.put("bytes", table.bytes());
        row.put("columns", table.columns());
      }
    }
    out().print(TextTable.of(rows));
    out().flush();
    return 0;
  }

  private static Optional<String> topic(Configuration configuration, TableName table) {
    return configuration.topics().entrySet().stream()
        .filter(topic -> topic.getValue().rows().table().equals(table))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  @Command(
      description = {
        "Looks at a file of messages (NDJSON, JSON, CSV, Parquet) and prints the topic that fits"
            + " it.",
        "Says of what it is not certain; nothing is stored."
      },
      mixinStandardHelpOptions = true)
  int infer(
      @Parameters(paramLabel = "FILE", description = "As publish takes it.") Path file,
      @Option(names = "--topic", description = "Its name; without it the name of the file.")
          @Nullable String name,
      @Option(
              names = "--limit",
              defaultValue = "100000",
              description = "Looks at so many messages. Default: ${DEFAULT-VALUE}")
          long limit)
      throws CommandFailed {
    String topic = name == null ? nameOf(file) : name;
    if (!TopicName.isValid(topic)) {
      throw CommandFailed.configuration(
          "--topic is %s, not %s".formatted(TopicName.RULE, LetterFilter.shown(topic)));
    }
    Inference inference = new Inference(inferring(topic));
    boolean ended;
    try (MessageFile messages = MessageFile.open(file, new MessageFile.Reading(null, true))) {
      Optional<String> next = messages.next();
      while (next.isPresent() && inference.messages() < limit) {
        inference.add(next.get());
        next = messages.next();
      }
      ended = next.isEmpty();
    } catch (FileRefused refused) {
      throw CommandFailed.configuration(file + ": " + refused.getMessage());
    } catch (IOException unreadable) {
      throw CommandFailed.failed(file + " cannot be read: " + unreadable);
    }
    InferenceText.of(topic, inference, ended).forEach(out()::println);
    out().flush();
    return 0;
  }

  /** What stands before the first point, with other signs as underscores. */
  private static String nameOf(Path file) {
    String name = String.valueOf(file.getFileName()).replaceAll("\\..*", "");
    return name.replaceAll("[^A-Za-z0-9_-]", "_");
  }

  private static TopicSettings inferring(String topic) {
    try {
      return ConfigurationFile.read(
          "infer",
          "table: any.any",
          ignored -> null,
          section -> TopicSettings.read(topic, section));
    } catch (ConfigurationException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Command(
      description = {
        "Renames a column of a topic's table; a view may show it under its former name.",
        "Stop the servers that write first, and start them with rename: {COLUMN: NAME}."
      },
      mixinStandardHelpOptions = true)
  int rename(
      @Mixin ConfigurationOption config,
      @Parameters(index = "0", paramLabel = "TOPIC") String topic,
      @Parameters(index = "1", paramLabel = "COLUMN") String column,
      @Parameters(index = "2", paramLabel = "NAME") String name,
      @Option(
              names = "--view",
              description = "A view with the former names, for who asks for them.")
          @Nullable String view)
      throws CommandFailed, InterruptedException {
    Configuration configuration = config.read();
    TopicSettings settings = ConfigurationOption.topic(configuration, topic);
    in(
        configuration,
        settings.table().database(),
        tables -> {
          tables.rename(settings.table(), column, name, view);
          return true;
        });
    out().println("%s of %s is called %s now.".formatted(column, settings.table(), name));
    if (view != null) {
      out().println("%s shows it as %s.".formatted(view, column));
    }
    out()
        .println(
            "In topics.%s write rename: {%s: %s}, or the next message makes %s again."
                .formatted(topic, column, name, column));
    return 0;
  }

  @Command(
      description = "Drops the table of a topic with all of its rows; dead letters stay.",
      mixinStandardHelpOptions = true)
  int drop(
      @Mixin ConfigurationOption config,
      @Parameters(paramLabel = "TOPIC") String topic,
      @Option(names = "--yes", description = "That you mean it.") boolean yes)
      throws CommandFailed, InterruptedException {
    Configuration configuration = config.read();
    TopicSettings settings = ConfigurationOption.topic(configuration, topic);
    if (!yes) {
      throw CommandFailed.configuration(
          "This drops %s with all of its rows; --yes says that you mean it."
              .formatted(settings.table()));
    }
    in(
        configuration,
        settings.table().database(),
        tables -> {
          tables.drop(settings.table());
          return true;
        });
    out().println("%s is dropped; the next message makes it anew.".formatted(settings.table()));
    return 0;
  }

  @Command(
      description = {
        "Moves the rows of a topic's table to the workers of Citus, as its distribute says.",
        "Whoever reads or writes the table waits meanwhile."
      },
      mixinStandardHelpOptions = true)
  int distribute(@Mixin ConfigurationOption config, @Parameters(paramLabel = "TOPIC") String topic)
      throws CommandFailed, InterruptedException {
    Configuration configuration = config.read();
    TopicSettings settings = ConfigurationOption.topic(configuration, topic);
    if (!settings.maintenance().distribution().byKey()) {
      throw CommandFailed.configuration("The topic %s has no distribute: key".formatted(topic));
    }
    boolean moved =
        in(configuration, settings.table().database(), tables -> tables.distribute(settings));
    out()
        .println("%s stands on workers %s.".formatted(settings.table(), moved ? "now" : "already"));
    return 0;
  }

  @Command(
      name = "rebuild-rollup",
      description = {
        "Makes a rollup anew out of the rows that are there; servers may run meanwhile.",
        "What it had counted of rows that are gone is lost."
      },
      mixinStandardHelpOptions = true)
  int rebuildRollup(
      @Mixin ConfigurationOption config,
      @Parameters(index = "0", paramLabel = "TOPIC") String topic,
      @Parameters(index = "1", paramLabel = "ROLLUP") String name)
      throws CommandFailed, InterruptedException {
    Configuration configuration = config.read();
    TopicSettings settings = ConfigurationOption.topic(configuration, topic);
    Rollup rollup =
        settings.maintenance().rollups().stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    CommandFailed.configuration(
                        "The topic %s has no rollup %s; there are: %s"
                            .formatted(
                                topic,
                                LetterFilter.shown(name),
                                settings.maintenance().rollups().stream()
                                    .map(Rollup::name)
                                    .toList())));
    in(
        configuration,
        settings.table().database(),
        tables -> {
          tables.rebuild(settings, rollup, new LogObserver());
          return true;
        });
    out().println("%s counts all rows of %s.".formatted(name, settings.table()));
    return 0;
  }

  private static <T> T in(
      Configuration configuration, String database, Function<TopicTables, T> work)
      throws CommandFailed, InterruptedException {
    return ConfigurationOption.in(
        configuration, database, opened -> work.apply(new TopicTables(opened)));
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
