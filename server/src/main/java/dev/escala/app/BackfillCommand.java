package dev.escala.app;

import dev.escala.backfill.Backfill;
import dev.escala.backfill.BackfillStopped;
import dev.escala.backfill.LoadedFile;
import dev.escala.decode.Decoder;
import dev.escala.decode.TopicSettings;
import dev.escala.ingest.Pipeline;
import dev.escala.observe.Observer;
import dev.escala.ops.LogObserver;
import dev.escala.postgres.PostgresDatabase;
import dev.escala.publish.FileRefused;
import dev.escala.publish.MessageFile;
import dev.escala.publish.Summary;
import dev.escala.store.Backfills.Reached;
import dev.escala.store.postgres.PostgresBackfills;
import dev.escala.store.postgres.PostgresStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "backfill",
    description = {
      "Loads the messages of a file straight into the table of a topic.",
      "The same command goes on where it was stopped; servers may run meanwhile."
    },
    mixinStandardHelpOptions = true)
final class BackfillCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private final ConfigurationOption config = new ConfigurationOption();

  @Parameters(index = "0", paramLabel = "TOPIC", description = "A topic of the configuration.")
  private String topic;

  @Parameters(index = "1", paramLabel = "FILE", description = "As publish takes it.")
  private Path file;

  @Mixin private final FileOptions options = new FileOptions();

  @Option(
      names = "--again",
      description = "Begins anew, also where the file was loaded: what is there is duplicate.")
  private boolean again;

  @Option(
      names = "--patience",
      paramLabel = "SECONDS",
      defaultValue = "300",
      description = "How long to wait for a database that takes nothing. Default: ${DEFAULT-VALUE}")
  private long patience;

  BackfillCommand() {}

  @Override
  public Integer call() throws CommandFailed, InterruptedException {
    Configuration configuration = config.read();
    TopicSettings settings = ConfigurationOption.topic(configuration, topic);
    return ConfigurationOption.in(
        configuration, settings.table().database(), database -> load(database, settings));
  }

  private int load(PostgresDatabase database, TopicSettings settings)
      throws CommandFailed, InterruptedException {
    PostgresBackfills backfills = new PostgresBackfills(database);
    try (MessageFile messages = MessageFile.open(file, options.reading())) {
      LoadedFile known = LoadedFile.of(file);
      Reached before = again ? Reached.NOTHING : backfills.reached(topic, known.id());
      if (before.ended()) {
        out()
            .println(
                "%s was loaded before, all %,d messages of it; --again loads it once more."
                    .formatted(file, before.messages()));
        return 0;
      }
      if (before.messages() > 0) {
        err().println("It goes on behind %,d messages.".formatted(before.messages()));
      }
      ProgressBar progress = new ProgressBar(System.err, Terminal.standardError(), topic, 0);
      Backfill.Job job =
          new Backfill.Job(
              topic,
              known,
              before.messages(),
              database.settings().writers(),
              Duration.ofSeconds(patience),
              loaded -> progress.at(loaded.messages(), messages.share()));
      Summary loaded = load(database, settings, backfills, job, messages);
      progress.done(loaded.messages());
      return report(loaded);
    } catch (FileRefused refused) {
      throw CommandFailed.configuration(file + " " + refused.getMessage());
    } catch (NoSuchFileException missing) {
      throw CommandFailed.configuration("There is no file " + file);
    } catch (IOException unreadable) {
      throw CommandFailed.failed(file + " cannot be read: " + unreadable.getMessage());
    } catch (BackfillStopped stopped) {
      throw CommandFailed.failed(
          "The database took nothing for %d s: %s. The same command goes on."
              .formatted(patience, stopped.getMessage()));
    }
  }

  private Summary load(
      PostgresDatabase database,
      TopicSettings settings,
      PostgresBackfills backfills,
      Backfill.Job job,
      MessageFile messages)
      throws IOException, FileRefused, BackfillStopped, InterruptedException {
    Observer observer = new LogObserver();
    try (PostgresStore store = new PostgresStore(database, observer)) {
      Pipeline pipeline =
          new Pipeline(
              new Decoder(settings),
              store.inBulk(settings),
              Duration.ofSeconds(patience),
              observer);
      Thread interrupted =
          Thread.ofPlatform()
              .unstarted(
                  () -> System.err.println("\nStopped; the same command goes on where it was."));
      Runtime.getRuntime().addShutdownHook(interrupted);
      try {
        return new Backfill(pipeline, backfills, job).load(messages);
      } finally {
        pipeline.stop();
        forget(interrupted);
      }
    }
  }

  private static void forget(Thread hook) {
    try {
      var _ = Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException stopping) {
      // it has been said
    }
  }

  private int report(Summary loaded) {
    SummaryText.print(out(), "loaded", loaded);
    return loaded.rejected() > 0 ? CommandFailed.EXIT_CODE : 0;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
