package dev.escala.app;

import dev.escala.publish.FileRefused;
import dev.escala.publish.MessageFile;
import dev.escala.publish.Summary;
import java.io.IOException;
import java.net.URI;
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
    name = "publish",
    description = "Publishes the messages of a file to a topic over HTTP or SNS.",
    mixinStandardHelpOptions = true)
final class PublishCommand implements Callable<Integer> {
  private static final String STANDARD_INPUT = "-";

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "TOPIC", description = "The name of the topic.")
  private String topic;

  @Parameters(
      index = "1",
      paramLabel = "FILE",
      arity = "0..1",
      defaultValue = STANDARD_INPUT,
      description =
          "NDJSON, a JSON array, JSON objects, CSV with names in its first line, packed with gzip"
              + " or zstd or not, or Parquet; - is standard input.")
  private String file;

  @Option(
      names = "--to",
      paramLabel = "URL|ARN",
      defaultValue = "http://localhost:8080",
      description = "A server of Escala, or an SNS topic. Default: ${DEFAULT-VALUE}")
  private String to;

  @Mixin private final FileOptions options = new FileOptions();

  @Option(
      names = "--skip",
      paramLabel = "N",
      description = "Goes on behind so many messages, which were published before.")
  private long skip;

  @Option(
      names = "--patience",
      paramLabel = "SECONDS",
      defaultValue = "300",
      description =
          "How long to wait for a server that is away or has no room. Default: ${DEFAULT-VALUE}")
  private long patience;

  @Mixin private final Credential credential = new Credential();

  PublishCommand() {}

  @Override
  public Integer call() throws CommandFailed, InterruptedException {
    try (Publisher publisher = publisher();
        MessageFile messages = open()) {
      PublishedFile published = new PublishedFile(publisher, messages, topic);
      try {
        published.publish(skip);
      } catch (FileRefused | CommandFailed | IOException broken) {
        published.broken(spec.commandLine().getErr());
        throw broken;
      }
      return report(published.summary());
    } catch (FileRefused refused) {
      throw CommandFailed.configuration(file + " " + refused.getMessage());
    } catch (IOException unreadable) {
      throw CommandFailed.failed(file + " cannot be read: " + unreadable.getMessage());
    }
  }

  private Publisher publisher() throws CommandFailed {
    if (to.startsWith("arn:")) {
      return new SnsTopicPublisher(to);
    }
    try {
      return new HttpPublisher(
          URI.create(to),
          topic,
          credential.token(),
          new HttpPublisher.Patience(
              Duration.ofSeconds(patience), told -> spec.commandLine().getErr().println(told)));
    } catch (IllegalArgumentException malformed) {
      throw CommandFailed.configuration(
          to + " is neither a URL such as http://localhost:8080 nor an ARN of an SNS topic");
    }
  }

  private MessageFile open() throws IOException, FileRefused, CommandFailed {
    MessageFile.Reading reading = options.reading();
    if (file.equals(STANDARD_INPUT)) {
      return MessageFile.open(System.in, reading);
    }
    try {
      return MessageFile.open(Path.of(file), reading);
    } catch (NoSuchFileException missing) {
      throw CommandFailed.configuration("There is no file " + file);
    }
  }

  private int report(Summary summary) {
    SummaryText.print(spec.commandLine().getOut(), "published", summary);
    return summary.rejected() > 0 ? CommandFailed.EXIT_CODE : 0;
  }
}
