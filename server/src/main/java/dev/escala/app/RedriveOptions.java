package dev.escala.app;

import dev.escala.source.sqs.DeadLetterQueue;
import dev.escala.source.sqs.RedriveRefused;
import dev.escala.source.sqs.SqsSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Which queues are configured, and which of them is meant. */
final class RedriveOptions {
  @Mixin private final ConfigurationOption config = new ConfigurationOption();

  RedriveOptions() {}

  /** Which queue. */
  static final class Which {
    @Parameters(
        arity = "0..1",
        paramLabel = "QUEUE",
        description =
            "The topic, or the name or URL of the queue that is read; where there are several.")
    private @Nullable String name;

    Which() {}

    private SqsSettings of(List<SqsSettings> queues) throws CommandFailed {
      List<SqsSettings> meant = queues.stream().filter(this::isMeant).toList();
      if (meant.size() == 1) {
        return meant.getFirst();
      }
      String all = String.join(", ", queues.stream().map(SqsSettings::name).toList());
      throw CommandFailed.configuration(
          name == null
              ? "Which queue? There are: " + all
              : meant.isEmpty()
                  ? "There is no queue %s; there are: %s".formatted(LetterFilter.shown(name), all)
                  : "%s has several queues; name one of: %s"
                      .formatted(LetterFilter.shown(name), all));
    }

    private boolean isMeant(SqsSettings queue) {
      return name == null
          || name.equals(queue.topic())
          || name.equals(queue.queue())
          || name.equals(queue.name());
    }
  }

  /** The work of a command. */
  interface Work {
    int on(DeadLetterQueue queue) throws RedriveRefused, CommandFailed, InterruptedException;
  }

  /** Those that are read, each once. */
  List<SqsSettings> queues() throws CommandFailed {
    List<SqsSettings> queues = new ArrayList<>();
    for (SqsSettings queue : config.read().queues()) {
      if (queues.stream().noneMatch(other -> other.queue().equals(queue.queue()))) {
        queues.add(queue);
      }
    }
    if (queues.isEmpty()) {
      throw CommandFailed.configuration("No queue is configured: sources[].sqs names one.");
    }
    return queues;
  }

  /** Works on the dead-letter queue of the queue that is meant. */
  int with(Which which, Work work) throws CommandFailed, InterruptedException {
    SqsSettings settings = which.of(queues());
    try {
      Optional<DeadLetterQueue> behind = DeadLetterQueue.behind(settings);
      if (behind.isEmpty()) {
        throw CommandFailed.failed(
            """
            %s has no redrive policy, so that SQS moves nothing away from it: what is received in vain stays there.
            What Escala could not store are dead letters in the database: escala dead-letters list\
            """
                .formatted(settings.name()));
      }
      try (DeadLetterQueue queue = behind.get()) {
        return work.on(queue);
      }
    } catch (RedriveRefused refused) {
      throw CommandFailed.failed(String.valueOf(refused.getMessage()));
    }
  }
}
