package dev.escala.bench;

import dev.escala.app.HttpClients;
import dev.escala.embedded.FirstReads;
import dev.escala.embedded.PackagedServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The same rows through Escala and through another server, in turns. */
final class RivalRows {
  private static final List<Integer> CONNECTIONS = List.of(16, 64);
  private static final String ESCALA = "escala";
  private static final String PEER = "rival";
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final Pattern ID = Pattern.compile("\"id\":");

  private final PackagedServer server;
  private final String url;
  private final int rounds;
  private final int seconds;

  /** One of what is read. */
  private record Question(String name, String ofEscala, String ofRival, int rows) {}

  RivalRows(PackagedServer server, String url, int rounds, int seconds) {
    this.server = server;
    this.url = url;
    this.rounds = rounds;
    this.seconds = seconds;
  }

  void measure(Report report, Rival rival) throws Exception {
    FirstReads.await(server.url("/flights/read_rows?limit=1"));
    int port = freePort();
    Process process = rival.start(url, port);
    try {
      URI base = URI.create("http://127.0.0.1:" + port);
      awaitStart(process, base);
      for (Question question : questions(rival)) {
        check(base, question);
        Contest contest = new Contest();
        add(contest, ESCALA, server.url("/"), question.ofEscala());
        add(contest, PEER, base, question.ofRival());
        contest.run(rounds);
        report.beside(
            question.name() + ", beside " + rival.name(), contest.best(ESCALA), contest.best(PEER));
      }
    } finally {
      process.destroy();
      var _ = process.waitFor();
    }
  }

  /** Whatever it answers; nothing does before it listens. */
  private static void awaitStart(Process process, URI read)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClients.create()) {
      while (process.isAlive()) {
        try {
          var _ = client.send(HttpRequest.newBuilder(read).build(), BodyHandlers.discarding());
          return;
        } catch (ConnectException notYet) {
          Thread.sleep(PAUSE); // nobody tells when another process listens
        }
      }
      throw new IllegalStateException("it ended with " + process.exitValue());
    }
  }

  private static List<Question> questions(Rival rival) {
    List<Question> questions = new ArrayList<>();
    String row = rival.row();
    if (row != null) {
      questions.add(new Question("Row by key", "/flights/read_rows?id=eq.{id}", row, 1));
    }
    String twenty = rival.twenty();
    if (twenty != null) {
      String filtered =
          "/flights/read_rows?origin=eq.LAX&delay_minutes=gte.{delay}&order=delay_minutes.desc";
      questions.add(new Question("20 rows", filtered + "&limit=20", twenty, 20));
    }
    String thousand = rival.thousand();
    if (thousand != null) {
      String page = "/flights/read_rows?id=gte.{id}&order=id&limit=1000";
      questions.add(new Question("1,000 rows", page, thousand, 1_000));
    }
    return questions;
  }

  /** Both give the same rows, or nothing is compared. */
  private void check(URI base, Question question) throws IOException, InterruptedException {
    try (HttpClient client = HttpClients.create()) {
      for (URI asked :
          List.of(
              server.url(at(question.ofEscala(), 5)), base.resolve(at(question.ofRival(), 5)))) {
        HttpResponse<String> answer =
            client.send(HttpRequest.newBuilder(asked).build(), BodyHandlers.ofString());
        long rows = ID.matcher(answer.body()).results().count();
        if (answer.statusCode() != 200 || rows != question.rows()) {
          throw new IllegalStateException(
              "%s: %d with %d rows".formatted(asked, answer.statusCode(), rows));
        }
      }
    }
  }

  private static String at(String path, int value) {
    return path.replace("{id}", Integer.toString(value))
        .replace("{delay}", Integer.toString(value));
  }

  private void add(Contest contest, String side, URI base, String path) throws IOException {
    Path script =
        Shell.script(
            ".lua",
            "request = function() return wrk.format(\"GET\", \"%s\") end\n"
                .formatted(
                    path.replace("{id}", "\" .. math.random(1, 990000) .. \"")
                        .replace("{delay}", "\" .. math.random(-60, 100) .. \"")));
    for (int connections : CONNECTIONS) {
      contest.add(
          side,
          connections + " connections",
          () -> Shell.wrk(base.toString(), script, connections, seconds));
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }
}
