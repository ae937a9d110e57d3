package dev.escala.embedded;

import dev.escala.app.CommandFailed;
import dev.escala.app.HttpClients;
import dev.escala.embedded.PackagedServer.Program;
import dev.escala.ops.LogSettings;
import dev.escala.ops.Logging;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Runs the packaged server once under the load that it is made for, so that its JVM writes the
 * cache of what it loaded, linked and profiled (JEP 514, 515). Part of the build of the image.
 */
@Command(
    name = "train",
    hidden = true,
    description = "Makes APP/escala.aot by a run of APP/escala-server.jar under load.",
    mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
  private static final String CACHE = "escala.aot";
  private static final String QUEUE = "training";
  private static final int RECORDS = 2_000;
  private static final int TIMES = 300;

  /** What a user asks: each kind of answer, filter and statement. */
  private static final List<String> QUERIES =
      List.of(
          "/ping",
          "/health",
          "/flights",
          "/flights/flights?limit=20",
          "/flights/flights?origin=eq.LAX&order=delay_minutes.desc&limit=20",
          "/flights/flights?select=origin,delay:delay_minutes&or=(origin.eq.LAX,origin.in.(JFK,ATL))",
          "/flights/flights?_id=eq.00000000-0000-0000-0000-000000000000",
          "/flights/nothing",
          "/flights/flights?origin=unknown.LAX",
          "/flights?q=" + encoded("select origin, count(*) from flights group by 1"));

  private static final List<String> FORMS =
      List.of("application/json", "application/x-ndjson", "text/csv");

  @Parameters(paramLabel = "APP", description = "The folder with escala-server.jar.")
  private Path application;

  @Option(
      names = "--java",
      paramLabel = "FILE",
      description = "The java that will run the program; a cache serves no other. Default: this.")
  private Path java = Path.of(System.getProperty("java.home"), "bin", "java");

  private final HttpClient client = HttpClients.create();

  TrainCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException, CommandFailed {
    Logging.configure(
        new LogSettings(LogSettings.Format.CONSOLE, LogSettings.Level.WARN), System.err);
    Path cache = application.resolve(CACHE);
    Files.deleteIfExists(cache);
    try (EmbeddedDatabase database = EmbeddedDatabase.start(Optional.empty());
        EmbeddedQueue queue = EmbeddedQueue.start()) {
      String queueUrl = queue.create(QUEUE);
      String yaml =
          """
          databases:
            flights: {url: "%s", read-url: "%s"}
          topics:
            flights: {table: flights.flights, time: $.scheduled_at}
          sources:
            - sqs: {queue: "%s", topic: flights, endpoint: "%s", region: us-east-1}
          """
              .formatted(database.url(), database.readUrl(), queueUrl, queue.endpoint());
      try (PackagedServer server =
          PackagedServer.start(
              new Program(java, application, List.of("-XX:AOTCacheOutput=" + cache)),
              yaml,
              Map.of("AWS_ACCESS_KEY_ID", "training", "AWS_SECRET_ACCESS_KEY", "training"))) {
        load(server, new DemoTopic(queue.client(), queueUrl, QUEUE));
      }
    }
    if (!Files.exists(cache)) {
      throw CommandFailed.failed(
          "The training run left no %s; see %s"
              .formatted(cache, application.resolve("server.log")));
    }
    return 0;
  }

  private void load(PackagedServer server, DemoTopic topic)
      throws IOException, InterruptedException {
    List<String> records = SampleData.FLIGHTS.records();
    topic.publish(records.subList(0, RECORDS));
    for (int i = 0; i < 10; i++) {
      send(
          HttpRequest.newBuilder(server.url("/topics/flights"))
              .POST(
                  BodyPublishers.ofString(
                      String.join("\n", records.subList(i * RECORDS / 10, (i + 1) * RECORDS / 10))))
              .header("Content-Type", "application/x-ndjson"));
    }
    for (int i = 0; i < TIMES; i++) {
      for (String query : QUERIES) {
        String form = FORMS.get(i % FORMS.size());
        send(HttpRequest.newBuilder(server.url(query)).header("Accept", form));
      }
    }
  }

  private void send(HttpRequest.Builder request) throws IOException, InterruptedException {
    var _ = client.send(request.build(), BodyHandlers.discarding());
  }

  private static String encoded(String sql) {
    return URLEncoder.encode(sql, StandardCharsets.UTF_8);
  }
}
