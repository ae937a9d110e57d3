package dev.escala.app;

import dev.escala.ingest.Replay;
import dev.escala.ingest.Replayed;
import dev.escala.observe.Observer;
import dev.escala.ops.LogObserver;
import dev.escala.store.DeadLetter;
import dev.escala.store.DeadLetter.Status;
import dev.escala.store.DeadLetters;
import dev.escala.store.DeadLetters.Filter;
import dev.escala.store.StoreException;
import dev.escala.store.postgres.PostgresStore;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Works on rejected messages, in the database itself; servers may run meanwhile. */
@Command(
    name = "dead-letters",
    description = "Lists, shows, replays and discards rejected messages.",
    mixinStandardHelpOptions = true)
final class DeadLettersCommand implements Runnable {
  private static final int MOST_LISTED = 10_000;

  @Spec private CommandSpec spec;

  DeadLettersCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "list, show, replay or discard?");
  }

  @Command(description = "Lists them, the oldest first.", mixinStandardHelpOptions = true)
  int list(
      @Mixin LetterOptions options,
      @Mixin LetterOptions.Which which,
      @Option(names = "--after", defaultValue = "0", description = "Behind this id.") long after,
      @Option(
              names = "--limit",
              defaultValue = "100",
              description = "So many at most. Default: ${DEFAULT-VALUE}")
          int limit)
      throws CommandFailed, InterruptedException {
    if (limit < 1 || limit > MOST_LISTED) {
      throw new ParameterException(
          spec.commandLine(), "--limit is 1 to %,d, not %d".formatted(MOST_LISTED, limit));
    }
    Filter filter = which.filter();
    return options.with(
        (letters, place) -> {
          List<DeadLetter> page = letters.list(filter, after, limit);
          long all = letters.count(filter, after);
          out().print(LetterText.table(page));
          out().println("(%,d of %,d)".formatted(page.size(), all));
          if (page.size() < all) {
            out().println("More: --after " + page.getLast().id());
          }
          return 0;
        });
  }

  @Command(description = "Shows one, with its message.", mixinStandardHelpOptions = true)
  int show(
      @Mixin LetterOptions options,
      @Option(names = "--body", description = "The body alone, octet by octet.") boolean body,
      @Parameters(paramLabel = "ID", description = "As list shows it.") long id)
      throws CommandFailed, InterruptedException {
    DeadLetter.Whole whole =
        options
            .with((letters, place) -> letters.find(id))
            .orElseThrow(
                () -> CommandFailed.failed("There is no dead letter %d here.".formatted(id)));
    if (body) {
      System.out.writeBytes(whole.message().payload().copy());
      System.out.flush();
    } else {
      out().print(LetterText.page(whole));
      out().flush();
    }
    return 0;
  }

  @Command(
      description = {
        "Writes them once more, as if their messages came now; those that are stored are resolved.",
        "May be interrupted and run again."
      },
      mixinStandardHelpOptions = true)
  int replay(
      @Mixin LetterOptions options,
      @Mixin LetterOptions.Which which,
      @Option(names = "--dry-run", description = "Says what would happen; changes nothing.")
          boolean dryRun,
      @Option(names = "--after", defaultValue = "0", description = "Behind this id.") long after)
      throws CommandFailed, InterruptedException {
    Filter filter = which.filter();
    if (filter.status() == null || filter.status() == Status.RESOLVED) {
      throw CommandFailed.configuration(
          "--status is new or discarded here: what is resolved is stored already.");
    }
    Replayed replayed =
        options.with((letters, place) -> replay(letters, place, filter, after, dryRun));
    LetterText.lines(replayed, dryRun).forEach(out()::println);
    if (replayed.trouble().isPresent()) {
      StoreException trouble = replayed.trouble().get();
      throw CommandFailed.failed(
          """
          It stopped: the database takes no more (%s).
          Nothing is lost, and what is resolved stays so; when that is mended, run it again.\
          """
              .formatted(trouble.detail()));
    }
    boolean allDone = replayed.allRejected() == 0 && replayed.allSkipped() == 0;
    return dryRun || allDone ? 0 : CommandFailed.EXIT_CODE;
  }

  /** Those that arrive meanwhile are for another time. */
  private static Replayed replay(
      DeadLetters letters, LetterOptions.Place place, Filter wanted, long after, boolean dryRun)
      throws InterruptedException {
    Filter filter = wanted.withUpTo(letters.last());
    Observer observer = new LogObserver();
    try (PostgresStore tables = new PostgresStore(place.database(), observer);
        Replay replay =
            new ReplayWays(place.configuration(), place.name(), tables, observer)
                .replay(letters, dryRun)) {
      ProgressBar progress =
          new ProgressBar(
              System.err,
              Terminal.standardError(),
              dryRun ? "dry run" : "replay",
              letters.count(filter, after));
      Replayed replayed =
          replay.run(
              filter,
              after,
              Long.MAX_VALUE,
              done -> {
                progress.at(done);
                return true;
              });
      progress.done(replayed.all());
      return replayed;
    }
  }

  @Command(
      description = "Marks new ones as not wanted any more; they are kept.",
      mixinStandardHelpOptions = true)
  int discard(
      @Mixin LetterOptions options,
      @Mixin LetterOptions.Which which,
      @Option(names = "--all", description = "All that are new.") boolean all)
      throws CommandFailed, InterruptedException {
    Filter filter = which.filter();
    if (filter.isOpen() && !all) {
      throw CommandFailed.configuration("Say which, such as --id or --topic; or --all.");
    }
    if (filter.status() != Status.NEW) {
      throw CommandFailed.configuration("--status is new here: no other can be discarded.");
    }
    long discarded = options.with((letters, place) -> letters.discard(filter, Long.MAX_VALUE));
    out().println("%,d discarded".formatted(discarded));
    return 0;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
