package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.FreePort;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import dev.escala.testing.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The programs of docs/clients.md that listen, as they stand there, and curl. */
@Tag("integration")
class ListeningClientsTest {
  private static final Path CLIENTS = Path.of("../docs/clients.md");
  private static final String BASE = "http://localhost:8080/flights";

  @TempDir private Path directory;
  private final Database database = PostgresServer.newDatabase();
  private final int port = FreePort.find();

  private RunningServer start() {
    RunningServer server =
        RunningServer.startAsWritten(
            """
            http:  {host: 127.0.0.1, port: %d}
            admin: {host: 127.0.0.1, port: 0}
            databases: {db: {url: "${URL}"}}
            topics:
              departures: {table: db.departures, key: $.flight_id, tail: true}
              heard: {table: db.heard}
            """
                .formatted(port),
            database,
            Map.of());
    publish(server, "before", "BOG");
    eventually("the table is known", () -> server.get("/db/departures").statusCode() == 200);
    return server;
  }

  private static void publish(RunningServer server, String flight, String origin) {
    String message = "{\"flight_id\": \"%s\", \"origin\": \"%s\"}".formatted(flight, origin);
    assertThat(server.post("/topics/departures", message).statusCode()).isEqualTo(200);
  }

  private Process running(Path printed, String... command) throws IOException {
    return new ProcessBuilder(command)
        .redirectOutput(printed.toFile())
        .redirectError(directory.resolve("errors").toFile())
        .start();
  }

  private String errors() {
    try {
      return "rows are told, not: " + Files.readString(directory.resolve("errors"));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static List<String> lines(Path printed) throws IOException {
    return Files.readString(printed).lines().toList();
  }

  private static boolean isListenedTo(RunningServer server) {
    return server.metric("http_event_streams") == 1;
  }

  @ParameterizedTest
  @CsvSource({"js, node, nodejs, listen.mjs", "python, python3, python3, listen.py"})
  void comesBackBehindTheLastRow(String language, String program, String pack, String file)
      throws IOException {
    new Tool(program, pack).require();
    String code = written(language);
    assertThat(code).contains(BASE);
    Path script =
        Files.writeString(
            directory.resolve(file), code.replace(BASE, "http://127.0.0.1:" + port + "/db"));
    Path printed = directory.resolve("printed");
    RunningServer first = start();
    Process client = running(printed, program, script.toString());
    try {
      eventually(this::errors, () -> isListenedTo(first));
      publish(first, "AV1", "BOG");
      publish(first, "LA2", "Nuquí");
      eventually(this::errors, () -> lines(printed).size() == 2);
      first.close();
      try (RunningServer second = start()) {
        publish(second, "CM3", "PTY");
        eventually(this::errors, () -> isListenedTo(second));
        publish(second, "LA2", "twice");
        publish(second, "UX4", "MAD");
        eventually(this::errors, () -> lines(printed).size() >= 4);
        assertThat(lines(printed))
            .containsExactly(
                "{\"flight_id\":\"AV1\",\"origin\":\"BOG\"}",
                "{\"flight_id\":\"LA2\",\"origin\":\"Nuquí\"}",
                "{\"flight_id\":\"CM3\",\"origin\":\"PTY\"}",
                "{\"flight_id\":\"UX4\",\"origin\":\"MAD\"}");
      }
    } finally {
      client.destroy();
      first.close();
    }
  }

  private static String written(String language) throws IOException {
    Matcher block =
        Pattern.compile("```" + language + " listen\\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(CLIENTS));
    assertThat(block.find()).as(language).isTrue();
    return block.group(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--http1.1", "--http2-prior-knowledge"})
  void curlPrintsEvents(String version) throws IOException {
    new Tool("curl", "curl").require();
    Path printed = directory.resolve("printed");
    try (RunningServer server = start()) {
      Process client =
          running(
              printed,
              "curl",
              "-sN",
              version,
              "-HAccept: text/event-stream",
              "http://127.0.0.1:%d/db/departures?select=flight_id&origin=eq.BOG".formatted(port));
      try {
        eventually("it listens", () -> isListenedTo(server));
        publish(server, "LA5", "LIM");
        publish(server, "AV5", "BOG");
        eventually(
            "the row is told", () -> lines(printed).contains("data: {\"flight_id\":\"AV5\"}"));
        assertThat(Files.readString(printed)).startsWith("retry: ").doesNotContain("LA5");
      } finally {
        client.destroy();
        eventually("nothing is left of it", () -> !isListenedTo(server));
      }
    }
  }

  /** Of another origin, and on its own: what it is told it publishes, with ids that are new. */
  @Test
  void aBrowserComesBackBehindTheLastRow() throws IOException {
    new Tool("chromium", "chromium").require();
    Path page =
        Files.writeString(
            directory.resolve("page.html"),
            """
            <script>
            const server = 'http://127.0.0.1:%d'
            const rows = new EventSource(server + '/db/departures?select=flight_id,origin')
            rows.onmessage = event => fetch(server + '/topics/heard',
              { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: event.data })
            </script>
            """
                .formatted(port));
    RunningServer first = start();
    assertThat(first.post("/topics/heard", "{\"flight_id\": \"AA0\"}").statusCode()).isEqualTo(200);
    Process browser =
        running(
            directory.resolve("printed"),
            "chromium",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--user-data-dir=" + directory.resolve("profile"),
            "--remote-debugging-port=0",
            page.toUri().toString());
    try {
      eventually(this::errors, () -> isListenedTo(first));
      publish(first, "AV1", "BOG");
      publish(first, "LA2", "LIM");
      eventually(this::errors, () -> heard().size() == 3);
      first.close();
      try (RunningServer second = start()) {
        publish(second, "CM3", "PTY");
        eventually(this::errors, () -> isListenedTo(second));
        publish(second, "UX4", "MAD");
        eventually(this::errors, () -> heard().size() >= 5);
        assertThat(heard()).containsExactly("AA0", "AV1", "CM3", "LA2", "UX4");
      }
    } finally {
      browser.descendants().forEach(ProcessHandle::destroy);
      browser.destroy();
      first.close();
      browser.onExit().join();
    }
  }

  private List<String> heard() {
    return database.rows("SELECT flight_id FROM heard ORDER BY flight_id");
  }
}
