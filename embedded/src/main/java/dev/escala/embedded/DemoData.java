package dev.escala.embedded;

import dev.escala.app.CommandFailed;
import dev.escala.app.HttpPublisher;
import dev.escala.app.ProgressBar;
import dev.escala.publish.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** Sends the sample data on its way: airports over HTTP, flights through the topic. */
final class DemoData {
  private static final long LOOK_NANOS = 50_000_000;

  private final Demo demo;
  private final int sample;
  private final boolean terminal;

  /** At most so many records of each topic. */
  DemoData(Demo demo, int sample, boolean terminal) {
    this.demo = demo;
    this.sample = sample;
    this.terminal = terminal;
  }

  /** Returns when everything is stored; what is there from an earlier start is not sent again. */
  List<Loaded> load() throws CommandFailed, InterruptedException {
    return List.of(airports(), flights());
  }

  private List<String> records(SampleData data) {
    return data.records().stream().limit(sample).toList();
  }

  private Loaded airports() throws CommandFailed, InterruptedException {
    List<String> records = records(SampleData.AIRPORTS);
    String way = "over HTTP";
    if (demo.database().count("airports") >= records.size()) {
      return new Loaded("airports", records, 0, 0, way);
    }
    ProgressBar progress = new ProgressBar(System.err, terminal, "airports", records.size());
    long start = System.nanoTime();
    Summary summary = Summary.NONE;
    try (HttpPublisher publisher = new HttpPublisher(demo.url(), "airports")) {
      for (int from = 0; from < records.size(); from += publisher.batchSize()) {
        int to = Math.min(records.size(), from + publisher.batchSize());
        summary = summary.plus(publisher.publish(new ArrayList<>(records.subList(from, to)), from));
        progress.at(summary.messages());
      }
    }
    progress.done(summary.messages());
    return new Loaded("airports", records, since(start), 0, way);
  }

  private Loaded flights() throws InterruptedException {
    List<String> records = records(SampleData.FLIGHTS);
    String way = "through SNS and SQS";
    try (RowCount rows = demo.database().rows("flights")) {
      long stored = rows.now();
      if (stored >= records.size()) {
        return new Loaded("flights", records, 0, 0, way);
      }
      ProgressBar progress = new ProgressBar(System.err, terminal, "flights", records.size());
      SecondHalf second = new SecondHalf(records.size());
      long start = System.nanoTime();
      CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> publish(records));
      while (stored < records.size() && !publishing.isCompletedExceptionally()) {
        LockSupport.parkNanos(LOOK_NANOS);
        stored = rows.now();
        second.at(stored, System.nanoTime());
        progress.at(stored);
      }
      publishing.join();
      progress.done(stored);
      return new Loaded("flights", records, since(start), second.rate(), way);
    }
  }

  private void publish(List<String> records) {
    try {
      demo.flights().publish(records);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static double since(long startNanos) {
    return (System.nanoTime() - startNanos) / 1e9;
  }
}
