package dev.escala.console;

import static dev.escala.browser.Page.quoted;
import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.escala.app.CommandFailed;
import dev.escala.browser.Chromium;
import dev.escala.browser.Page;
import dev.escala.embedded.LoadedDemo;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** A demo and a browser that all tests of the console share; each has tabs of its own. */
final class ConsoleRun {
  static final int FLIGHTS = 3000;
  private static final Path PICTURES = Path.of("target", "console");
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static @Nullable ConsoleRun shared;

  private final LoadedDemo demo;
  private final Chromium chromium;

  private ConsoleRun(LoadedDemo demo, Chromium chromium) {
    this.demo = demo;
    this.chromium = chromium;
  }

  /** Starts both when the first test asks; they end with the process. */
  static synchronized ConsoleRun get() throws CommandFailed, IOException, InterruptedException {
    assumeTrue(
        Chromium.program().isPresent(), "SKIPPED: chromium is missing; Debian has it in chromium");
    ConsoleRun known = shared;
    if (known == null) {
      known = new ConsoleRun(LoadedDemo.start(FLIGHTS), Chromium.start());
      Runtime.getRuntime().addShutdownHook(new Thread(known::close, "end of the console's tests"));
      shared = known;
    }
    return known;
  }

  private void close() {
    chromium.close();
    demo.close();
  }

  LoadedDemo demo() {
    return demo;
  }

  /** A tab of the size of a desktop, at a page of the console. */
  Page open(String fragment) throws IOException, InterruptedException {
    return chromium.newPage().size(1280, 800).prefers("light").open(address(fragment));
  }

  Page newPage() throws IOException, InterruptedException {
    return chromium.newPage();
  }

  String address(String fragment) {
    return demo.url() + "/" + fragment;
  }

  /** Publishes lines of NDJSON, all of which have to be stored. */
  void publish(String topic, String lines) throws IOException, InterruptedException {
    assertThat(sent(topic, lines)).contains("\"rejected_total\":0");
  }

  /** The same of lines that are all rejected. */
  void reject(String topic, String lines) throws IOException, InterruptedException {
    assertThat(sent(topic, lines)).contains("\"stored\":0");
  }

  /** As the login that owns the tables. */
  void execute(String sql) {
    try (Connection connection = demo.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException failure) {
      throw new AssertionError(sql, failure);
    }
  }

  /** The id of the first dead letter of a topic. */
  long firstLetter(String topic) {
    String sql = "SELECT min(id) FROM escala.dead_letter WHERE topic = '" + topic + "'";
    try (Connection connection = demo.connect();
        Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery(sql)) {
      assertThat(answer.next()).isTrue();
      return answer.getLong(1);
    } catch (SQLException failure) {
      throw new AssertionError(sql, failure);
    }
  }

  private String sent(String topic, String lines) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(demo.url() + "/topics/" + topic))
            .header("Content-Type", "application/x-ndjson")
            .POST(BodyPublishers.ofString(lines))
            .build();
    return CLIENT.send(request, BodyHandlers.ofString()).body();
  }

  /** Waits until the API lists a relation that was not made by a topic. */
  void awaitRelation(String name) {
    HttpRequest request = HttpRequest.newBuilder(URI.create(demo.url() + "/flights")).build();
    eventually(
        name + " is listed",
        () ->
            CLIENT
                .send(request, BodyHandlers.ofString())
                .body()
                .contains("\"name\":\"" + name + "\""));
  }

  /** Keeps a picture of a page with the build. */
  static void picture(Page page, String name) throws IOException, InterruptedException {
    page.picture(PICTURES.resolve(name + ".png"));
  }

  /** Speaks another language from the next page on. */
  static void speak(Page page, String language) throws IOException, InterruptedException {
    page.run("localStorage.setItem('escala.language', " + quoted(language) + ")");
    page.reload();
  }
}
