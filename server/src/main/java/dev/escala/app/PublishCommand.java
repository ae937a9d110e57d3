package dev.escala.app;

import dev.escala.app.Publisher.Summary;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.zip.GZIPInputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "publish",
    description = "Publishes NDJSON, one message a line, to a topic over HTTP or SNS.",
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
      description = "NDJSON, plain or .gz; - is standard input.")
  private String file;

  @Option(
      names = "--to",
      paramLabel = "URL|ARN",
      defaultValue = "http://localhost:8080",
      description = "A server of Escala, or an SNS topic. Default: ${DEFAULT-VALUE}")
  private String to;

  @Mixin private final Credential credential = new Credential();

  PublishCommand() {}

  @Override
  public Integer call() throws CommandFailed, InterruptedException {
    Summary summary = Summary.NONE;
    ProgressBar progress = new ProgressBar(System.err, Terminal.standardError(), topic, 0);
    try (Publisher publisher = publisher();
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(open(), StandardCharsets.UTF_8))) {
      for (List<String> batch = next(lines, publisher.batchSize());
          !batch.isEmpty();
          batch = next(lines, publisher.batchSize())) {
        summary = summary.plus(publisher.publish(batch));
        progress.at(summary.published());
      }
    } catch (IOException unreadable) {
      throw CommandFailed.failed(file + " cannot be read: " + unreadable.getMessage());
    }
    progress.done(summary.published());
    return report(summary);
  }

  private Publisher publisher() throws CommandFailed {
    if (to.startsWith("arn:")) {
      return new SnsTopicPublisher(to);
    }
    try {
      return new HttpPublisher(URI.create(to), topic, credential.token());
    } catch (IllegalArgumentException malformed) {
      throw CommandFailed.configuration(
          to + " is neither a URL such as http://localhost:8080 nor an ARN of an SNS topic");
    }
  }

  private InputStream open() throws IOException, CommandFailed {
    if (file.equals(STANDARD_INPUT)) {
      return System.in;
    }
    try {
      InputStream input = Files.newInputStream(Path.of(file));
      return file.endsWith(".gz") ? new GZIPInputStream(input) : input;
    } catch (NoSuchFileException missing) {
      throw CommandFailed.configuration("There is no file " + file);
    }
  }

  /** Lines that are blank carry no message. */
  private static List<String> next(BufferedReader lines, int most) throws IOException {
    List<String> batch = new ArrayList<>(most);
    String line;
    while (batch.size() < most && (line = lines.readLine()) != null) {
      if (!line.isBlank()) {
        batch.add(line);
      }
    }
    return batch;
  }

  private int report(Summary summary) {
    PrintWriter out = spec.commandLine().getOut();
    if (summary.accepted() > 0) {
      out.println("%,d published".formatted(summary.accepted()));
    } else {
      out.println(
          "%,d published: %,d stored, %,d duplicates, %,d rejected"
              .formatted(
                  summary.published(), summary.stored(), summary.duplicates(), summary.rejected()));
    }
    summary.rejections().forEach(rejection -> out.println("  " + rejection));
    if (summary.rejected() > summary.rejections().size()) {
      out.println("  and %,d more".formatted(summary.rejected() - summary.rejections().size()));
    }
    return summary.rejected() > 0 ? CommandFailed.EXIT_CODE : 0;
  }
}
