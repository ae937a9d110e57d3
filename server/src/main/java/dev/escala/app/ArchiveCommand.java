package dev.escala.app;

import dev.escala.archive.ArchiveKeeper;
import dev.escala.decode.TopicSettings;
import dev.escala.ops.LogObserver;
import dev.escala.store.ArchivePart;
import dev.escala.store.StoreException;
import dev.escala.store.postgres.PostgresStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "archive",
    description = {
      "Takes the closed partitions of topics to their archives, once; servers do the same by"
          + " themselves.",
      "The same command goes on where it was stopped; servers may run meanwhile."
    },
    mixinStandardHelpOptions = true)
final class ArchiveCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private final ConfigurationOption config = new ConfigurationOption();

  @Option(names = "--topic", paramLabel = "TOPIC", description = "This one alone.")
  private @Nullable String topic;

  @Option(names = "--dry-run", description = "Only says what is due.")
  private boolean dryRun;

  ArchiveCommand() {}

  @Override
  public Integer call() throws CommandFailed, InterruptedException {
    Configuration configuration = config.read();
    List<TopicSettings> topics = topics(configuration);
    boolean isDone = true;
    for (TopicSettings settings : topics) {
      isDone &=
          ConfigurationOption.in(
              configuration,
              settings.table().database(),
              database -> {
                try (PostgresStore store = new PostgresStore(database, new LogObserver())) {
                  return archive(
                      settings.topic(),
                      new ArchiveKeeper(settings, store.archive(settings), new LogObserver()));
                }
              });
    }
    return isDone ? 0 : CommandFailed.EXIT_CODE;
  }

  private List<TopicSettings> topics(Configuration configuration) throws CommandFailed {
    List<TopicSettings> topics =
        topic == null
            ? configuration.topics().values().stream().map(Configuration.Topic::rows).toList()
            : List.of(ConfigurationOption.topic(configuration, topic));
    List<TopicSettings> archived =
        topics.stream().filter(each -> each.maintenance().archive().isPresent()).toList();
    if (archived.isEmpty()) {
      throw CommandFailed.configuration(
          topic == null
              ? "No topic has an archive"
              : "The topic %s has no archive".formatted(topic));
    }
    return archived;
  }

  private boolean archive(String name, ArchiveKeeper keeper) {
    PrintWriter out = spec.commandLine().getOut();
    try {
      if (dryRun) {
        keeper.due().ifPresent(parts -> parts.forEach(part -> print(out, name, part)));
        return true;
      }
      Optional<Integer> dropped = keeper.once();
      out.println(
          dropped
              .map(many -> "%s: %,d partitions are archived and dropped".formatted(name, many))
              .orElse(name + ": another process is at it"));
      return true;
    } catch (StoreException failure) {
      throw failure; // told with the name of the database
    } catch (IOException | RuntimeException failure) {
      out.println(
          "%s: failed, and dropped nothing of it: %s".formatted(name, ArchiveKeeper.told(failure)));
      return false;
    }
  }

  private static void print(PrintWriter out, String topic, ArchivePart part) {
    out.println(
        "%s: %s from %s to %s, %s"
            .formatted(
                topic,
                part.name(),
                part.from(),
                part.to(),
                part.step().name().toLowerCase(Locale.ROOT)));
  }
}
