package dev.escala.app;

import dev.escala.publish.FileRefused;
import dev.escala.publish.MessageFile;
import dev.escala.publish.Summary;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Publishes the messages of a file in batches, as large as the publisher takes them. */
final class PublishedFile {
  private final Publisher publisher;
  private final MessageFile file;
  private final ProgressBar progress;
  private final List<String> batch = new ArrayList<>();
  private long batchBytes;
  private long skipped;
  private Summary summary = Summary.NONE;

  PublishedFile(Publisher publisher, MessageFile file, String topic) {
    this.publisher = publisher;
    this.file = file;
    this.progress = new ProgressBar(System.err, Terminal.standardError(), topic, 0);
  }

  /** Publishes all but the first so many. */
  void publish(long skip) throws IOException, FileRefused, CommandFailed, InterruptedException {
    while (skipped < skip && file.next().isPresent()) {
      skipped++;
    }
    for (Optional<String> next = file.next(); next.isPresent(); next = file.next()) {
      add(next.get());
    }
    send();
    progress.done(summary.messages());
  }

  private void add(String message) throws CommandFailed, InterruptedException {
    int bytes = message.getBytes(StandardCharsets.UTF_8).length + 1;
    if (bytes > publisher.messageBytes()) {
      send();
      summary = summary.plus(tooLarge(bytes));
      return;
    }
    if (batch.size() == publisher.batchSize() || batchBytes + bytes > publisher.batchBytes()) {
      send();
    }
    batch.add(message);
    batchBytes += bytes;
  }

  private Summary tooLarge(int bytes) {
    String rejection =
        "message %,d: payload.too_large has %,d bytes, and %,d are the most; it was not sent"
            .formatted(done() + 1, bytes, publisher.messageBytes());
    return new Summary(0, 0, 0, 1, List.of(rejection));
  }

  private void send() throws CommandFailed, InterruptedException {
    if (batch.isEmpty()) {
      return;
    }
    summary = summary.plus(publisher.publish(batch, done()));
    batch.clear();
    batchBytes = 0;
    progress.at(summary.messages());
  }

  /** Messages of the file of which it is known what became of them. */
  private long done() {
    return skipped + summary.messages();
  }

  /** Says how far it came, and how to go on. */
  void broken(PrintWriter err) {
    if (done() > 0) {
      err.println(
          "%,d were published before; --skip %d goes on behind them".formatted(done(), done()));
    }
  }

  Summary summary() {
    return summary;
  }
}
