package dev.escala.app;

import dev.escala.source.sqs.DeadLetterQueue;
import dev.escala.source.sqs.Move;
import dev.escala.source.sqs.RedriveRefused;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Works on what SQS itself gave up delivering; needs rights that no server has. */
@Command(
    name = "redrive",
    description = "Moves what the queues gave up on back from their dead-letter queues.",
    mixinStandardHelpOptions = true)
final class RedriveCommand implements Runnable {
  @Spec private CommandSpec spec;

  RedriveCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "list, start, status or cancel?");
  }

  @Command(
      description = "Lists the dead-letter queues, with how many messages wait in each.",
      mixinStandardHelpOptions = true)
  int list(@Mixin RedriveOptions options) throws CommandFailed {
    RedriveTable table = RedriveTable.of(options.queues());
    out().print(table.text());
    table.troubles().forEach(out()::println);
    out().flush();
    return table.troubles().isEmpty() ? 0 : CommandFailed.EXIT_CODE;
  }

  @Command(
      description = {
        "Moves all messages of a dead-letter queue back, and shows how far it is.",
        "SQS moves by itself: interrupting this stops nothing."
      },
      mixinStandardHelpOptions = true)
  int start(
      @Mixin RedriveOptions options,
      @Mixin RedriveOptions.Which which,
      @Option(
              names = "--rate",
              description =
                  "Messages a second, 1 to "
                      + DeadLetterQueue.HIGHEST_RATE
                      + ". Default: as fast as SQS does.")
          @Nullable Integer rate,
      @Option(
              names = "--into-queue",
              description = "All into the queue that is read; else each to where it came from.")
          boolean intoQueue,
      @Option(names = "--no-wait", description = "Do not wait for its end.") boolean noWait)
      throws CommandFailed, InterruptedException {
    if (rate != null && (rate < 1 || rate > DeadLetterQueue.HIGHEST_RATE)) {
      throw new ParameterException(
          spec.commandLine(),
          "--rate is 1 to %d, not %d".formatted(DeadLetterQueue.HIGHEST_RATE, rate));
    }
    OptionalInt perSecond = rate == null ? OptionalInt.empty() : OptionalInt.of(rate);
    return options.with(
        which,
        queue -> {
          long waiting = queue.waiting();
          if (waiting == 0) {
            out().println("Nothing waits in " + queue.name());
            return 0;
          }
          MoveWatch watch = MoveWatch.before(queue, waiting);
          queue.start(perSecond, intoQueue);
          if (noWait) {
            out()
                .println(
                    "About %,d messages of %s are being moved; redrive status says how far it is"
                        .formatted(waiting, queue.name()));
            return 0;
          }
          return ended(watch.end(), queue);
        });
  }

  private int ended(Optional<Move> end, DeadLetterQueue queue)
      throws CommandFailed, RedriveRefused {
    if (end.isEmpty()) {
      long left = queue.waiting();
      out().println("SQS tells of no move any more; about %,d messages wait".formatted(left));
      return left == 0 ? 0 : CommandFailed.EXIT_CODE;
    }
    Move move = end.get();
    if (move.isCompleted()) {
      out().println("About %,d messages of %s were moved".formatted(move.moved(), queue.name()));
      return 0;
    }
    throw CommandFailed.failed(RedriveTable.ending(move, queue.name()));
  }

  @Command(
      description = "Says what is being moved, and what was moved lately.",
      mixinStandardHelpOptions = true)
  int status(@Mixin RedriveOptions options, @Mixin RedriveOptions.Which which)
      throws CommandFailed, InterruptedException {
    return options.with(
        which,
        queue -> {
          List<Move> moves = queue.moves();
          out()
              .print(
                  moves.isEmpty()
                      ? "Nothing was moved from %s lately\n".formatted(queue.name())
                      : RedriveTable.moves(moves));
          out().flush();
          return 0;
        });
  }

  @Command(
      description = "Stops moving; what is moved already stays where it is.",
      mixinStandardHelpOptions = true)
  int cancel(@Mixin RedriveOptions options, @Mixin RedriveOptions.Which which)
      throws CommandFailed, InterruptedException {
    return options.with(
        which,
        queue -> {
          out()
              .println(
                  "Cancelled, with about %,d messages of %s moved"
                      .formatted(queue.cancel(), queue.name()));
          return 0;
        });
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
