package dev.escala.bench;

import dev.escala.app.HttpClients;
import dev.escala.embedded.PackagedServer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** NDJSON over HTTP into a table with a unique key, against psql's \copy of the same rows. */
final class IngestRows {
  private static final int POSTS = 40;
  private static final int EVENTS_A_POST = 5_000;
  private static final int EVENTS = POSTS * EVENTS_A_POST;
  private static final int CONNECTIONS = 4;

  /** Far less than a post takes, so that the pause is not what is measured. */
  private static final Duration AGAIN = Duration.ofMillis(20);

  private static final String ESCALA = "escala";
  private static final String PEER = "copy";

  private final String ownerUrl;
  private final PackagedServer server;
  private final List<Events.Batch> batches = new ArrayList<>();

  IngestRows(String ownerUrl, PackagedServer server) {
    this.ownerUrl = ownerUrl;
    this.server = server;
    Events events = new Events(42);
    for (int i = 0; i < POSTS; i++) {
      batches.add(events.next(EVENTS_A_POST));
    }
  }

  void measure(Report report, int rounds) throws Exception {
    Path csv = Files.createTempFile("bench", ".csv");
    try (var output = Files.newOutputStream(csv)) {
      for (Events.Batch batch : batches) {
        output.write(batch.csv());
      }
    }
    Contest contest =
        new Contest()
            .add(ESCALA, CONNECTIONS + " connections, " + EVENTS_A_POST + " a post", this::post)
            .add(PEER, "psql \\copy", () -> copy(csv))
            .run(rounds);
    Files.delete(csv);
    report.compare("Ingest, NDJSON over HTTP", contest.best(ESCALA), contest.best(PEER), 0.7);
  }

  private double post() throws Exception {
    fresh("ingested");
    try (ExecutorService senders = Executors.newFixedThreadPool(CONNECTIONS);
        HttpClient client = HttpClients.create()) {
      long start = System.nanoTime();
      List<Future<?>> answers = new ArrayList<>();
      for (Events.Batch batch : batches) {
        answers.add(
            senders.submit(
                () -> {
                  send(client, batch);
                  return null;
                }));
      }
      for (Future<?> answer : answers) {
        await(answer);
      }
      return EVENTS / ((System.nanoTime() - start) / 1e9);
    }
  }

  /** Tries again where it is told to, as clients do: more is under way than ends at once. */
  private void send(HttpClient client, Events.Batch batch)
      throws IOException, InterruptedException {
    HttpResponse<String> answer = sendOnce(client, batch);
    while (answer.statusCode() == 503) {
      Thread.sleep(AGAIN);
      answer = sendOnce(client, batch);
    }
    if (!answer.body().contains("\"stored\":" + EVENTS_A_POST)) {
      throw new IllegalStateException(answer.statusCode() + " " + answer.body());
    }
  }

  private HttpResponse<String> sendOnce(HttpClient client, Events.Batch batch)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(server.url("/topics/ingested"))
            .header("Content-Type", "application/x-ndjson")
            .POST(BodyPublishers.ofByteArray(batch.ndjson()))
            .build(),
        BodyHandlers.ofString());
  }

  private static void await(Future<?> answer) throws InterruptedException {
    try {
      answer.get();
    } catch (ExecutionException failure) {
      throw new IllegalStateException(failure.getCause());
    }
  }

  private double copy(Path csv) throws IOException, InterruptedException {
    fresh("copied");
    long start = System.nanoTime();
    Shell.psql(
        ownerUrl,
        "\\copy copied (%s, _id, _event_time, _source) FROM '%s' (FORMAT csv)"
            .formatted(Events.COLUMNS, csv));
    return EVENTS / ((System.nanoTime() - start) / 1e9);
  }

  /** Both start with an empty table, and with nothing left to write by the checkpointer. */
  private void fresh(String table) throws IOException, InterruptedException {
    Shell.psql(
        ownerUrl,
        "CREATE TABLE IF NOT EXISTS " + Events.TABLE.formatted(table).replace("CREATE TABLE ", ""));
    Shell.psql(ownerUrl, "TRUNCATE " + table);
  }
}
