package dev.escala.embedded;

import dev.escala.app.CommandFailed;
import dev.escala.ops.LogSettings;
import dev.escala.ops.Logging;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
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
  static final String CACHE = "escala.aot";
  private static final String QUEUE = "training";
  private static final int RECORDS = 2_000;
  private static final int TIMES = 300;
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration WRITE_LIMIT = Duration.ofMinutes(3);

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

  private final HttpClient client = HttpClient.newHttpClient();

  TrainCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException, CommandFailed {
    Logging.configure(
        new LogSettings(LogSettings.Format.CONSOLE, LogSettings.Level.WARN), System.err);
    Path cache = application.resolve(CACHE);
    Files.deleteIfExists(cache);
    try (EmbeddedDatabase database = EmbeddedDatabase.start(Optional.empty());
        EmbeddedQueue queue = EmbeddedQueue.start()) {
      int port = freePort();
      String queueUrl = queue.create(QUEUE);
      Process server =
          start(
              Map.of(
                  "ESCALA_HTTP_PORT",
                  Integer.toString(port),
                  "ESCALA_ADMIN_PORT",
                  Integer.toString(freePort()),
                  "ESCALA_DATABASE_URL",
                  database.url(),
                  "ESCALA_READ_URL",
                  database.readUrl(),
                  "ESCALA_SQS_QUEUE",
                  queueUrl,
                  "ESCALA_SQS_ENDPOINT",
                  queue.endpoint().toString(),
                  "ESCALA_TOPIC",
                  "flights",
                  "AWS_REGION",
                  "us-east-1",
                  "AWS_ACCESS_KEY_ID",
                  "training",
                  "AWS_SECRET_ACCESS_KEY",
                  "training"));
      try {
        load(
            URI.create("http://localhost:" + port), new DemoTopic(queue.client(), queueUrl, QUEUE));
      } finally {
        server.destroy();
      }
      if (!server.waitFor(WRITE_LIMIT.toSeconds(), TimeUnit.SECONDS) || !Files.exists(cache)) {
        server.destroyForcibly();
        throw CommandFailed.failed("The training run left no " + cache);
      }
    }
    return 0;
  }

  private Process start(Map<String, String> environment) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "@" + application.resolve("java.options"),
            "-XX:AOTCacheOutput=" + application.resolve(CACHE),
            "-jar",
            application.resolve("escala-server.jar").toString(),
            "serve");
    builder.environment().putAll(environment);
    return builder
        .redirectErrorStream(true)
        .redirectOutput(application.resolve("training.log").toFile())
        .start();
  }

  private void load(URI server, DemoTopic topic)
      throws IOException, InterruptedException, CommandFailed {
    awaitPing(server);
    List<String> records = SampleData.FLIGHTS.records();
    topic.publish(records.subList(0, RECORDS));
    for (int i = 0; i < 10; i++) {
      var _ =
          send(
              HttpRequest.newBuilder(server.resolve("/topics/flights"))
                  .POST(
                      BodyPublishers.ofString(
                          String.join(
                              "\n", records.subList(i * RECORDS / 10, (i + 1) * RECORDS / 10))))
                  .header("Content-Type", "application/x-ndjson"));
    }
    for (int i = 0; i < TIMES; i++) {
      for (String query : QUERIES) {
        String form = FORMS.get(i % FORMS.size());
        var _ = send(HttpRequest.newBuilder(server.resolve(query)).header("Accept", form));
      }
    }
  }

  private int send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<Void> answer = client.send(request.build(), BodyHandlers.discarding());
    return answer.statusCode();
  }

  private void awaitPing(URI server) throws InterruptedException, CommandFailed {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (System.nanoTime() < deadline) {
      try {
        if (send(HttpRequest.newBuilder(server.resolve("/ping"))) == 200) {
          return;
        }
      } catch (IOException notYet) {
        Thread.sleep(50);
      }
    }
    throw CommandFailed.failed("The server did not start; see " + application + "/training.log");
  }

  private static String encoded(String sql) {
    return URLEncoder.encode(sql, StandardCharsets.UTF_8);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
