package dev.escala.bench;

import dev.escala.app.HttpClients;
import dev.escala.embedded.FirstReads;
import dev.escala.embedded.PackagedServer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What an answer costs that did not change, against one that is always the same. */
final class UnchangedRows {
  private static final int CONNECTIONS = 16;
  private static final int EVENTS = 20;
  private static final String PATH = "/flights/unchanged?order=_id&limit=20";
  private static final String UNCHANGED = "unchanged";
  private static final String CONSTANT = "constant";
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);
  private static final int MOST_LOOKS = 200;

  private final PackagedServer server;
  private final int rounds;
  private final int seconds;

  UnchangedRows(PackagedServer server, int rounds, int seconds) {
    this.server = server;
    this.rounds = rounds;
    this.seconds = seconds;
  }

  void measure(Report report) throws Exception {
    String tag = tag();
    Contest contest = new Contest();
    add(contest, UNCHANGED, PATH, ", {[\"If-None-Match\"] = '%s'}".formatted(tag));
    add(contest, CONSTANT, "/ping", "");
    contest.run(rounds);
    report.compare("Unchanged, 304", contest.best(UNCHANGED), contest.best(CONSTANT), 0.8);
  }

  private void add(Contest contest, String side, String path, String headers) throws IOException {
    Path script =
        Shell.script(
            ".lua",
            "request = function() return wrk.format(\"GET\", \"%s\"%s) end\n"
                .formatted(path, headers));
    contest.add(
        side,
        path + ", " + CONNECTIONS + " connections",
        () -> Shell.wrk(server.url("/").toString(), script, CONNECTIONS, seconds));
  }

  /** Publishes, and waits until the state of the table has a name. */
  private String tag() throws Exception {
    try (HttpClient client = HttpClients.create()) {
      HttpResponse<String> published =
          client.send(
              HttpRequest.newBuilder(server.url("/topics/unchanged"))
                  .header("Content-Type", "application/x-ndjson")
                  .POST(BodyPublishers.ofByteArray(new Events(7).next(EVENTS).ndjson()))
                  .build(),
              BodyHandlers.ofString());
      if (published.statusCode() != 200) {
        throw new IllegalStateException(published.statusCode() + " " + published.body());
      }
      FirstReads.await(server.url(PATH));
      for (int i = 0; i < MOST_LOOKS; i++) {
        Optional<String> tag = etag(client);
        if (tag.isPresent()) {
          return tag.get();
        }
        Thread.sleep(BETWEEN_LOOKS);
      }
      throw new IllegalStateException("no ETag at " + PATH);
    }
  }

  private Optional<String> etag(HttpClient client) throws IOException, InterruptedException {
    return client
        .send(HttpRequest.newBuilder(server.url(PATH)).build(), BodyHandlers.discarding())
        .headers()
        .firstValue("ETag");
  }
}
