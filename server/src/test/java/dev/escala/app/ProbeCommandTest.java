package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.escala.app.ProbeCommand.Settings;
import dev.escala.config.ConfigurationException;
import dev.escala.config.ConfigurationFile;
import dev.escala.ops.PublicApi;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code escala probe}: what it takes for an answer, and what Prometheus gets of it. */
class ProbeCommandTest {
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

  @TempDir private Path folder;
  private HttpServer server;
  private volatile int status = 200;
  private volatile String body = "[{\"id\":\"LA800\"}]";
  private volatile String asked = "";

  @BeforeEach
  void listen() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked =
              exchange.getRequestURI()
                  + " "
                  + exchange.getRequestHeaders().getFirst("Authorization");
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String yaml(String more) {
    return """
    every: 100ms
    admin: {port: 0}
    targets:
      - system: {name: departures, env: prod, tier: critical, region: eu-west-1}
        url: http://127.0.0.1:%d/
        read: /flights/departures?limit=1
        token: ${TOKEN:}
    %s\
    """
        .formatted(server.getAddress().getPort(), more.indent(4));
  }

  private Settings settings(String more) throws ConfigurationException {
    return ConfigurationFile.read(
        "probe.yaml", yaml(more), Map.of("TOKEN", "secret")::get, Settings::read);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          200 | [{"id":"LA800","delay":5,"at":"2026-11-30T11:30:00+00:00"}] | ``
          200 | [] | the answer has no row
          200 | {"status":"ok"} | the answer has no row
          200 | <html> | the answer is no JSON
          503 | {"code":"ESC001"} | status 503
          200 | [{"id":"LA801","delay":5,"at":"2026-11-30T11:30:00+00:00"}] | id is not LA800
          200 | [{"id":"LA800","delay":6,"at":"2026-11-30T11:30:00+00:00"}] | delay is not 5
          200 | [{"id":"LA800","delay":5,"at":"2026-11-30T10:30:00+00:00"}] | the newest row is of 2026-11-30T10:30:00Z, older than PT1H
          200 | [{"id":"LA800","delay":5,"at":null}] | at holds no time with an offset
          """)
  void anAnswerIsRowsThatHoldWhatIsExpected(int answered, String rows, String trouble)
      throws ConfigurationException {
    ProbeTarget target =
        settings("expect: {id: LA800, delay: 5}\nnewest: {column: at, within: 1h}")
            .targets()
            .getFirst();
    assertThat(target.trouble(new PublicApi.Answer(answered, rows), NOW)).isEqualTo(trouble);
  }

  @Test
  void theExampleOfTheDocsIsRead() throws ConfigurationException, IOException {
    Path example = Path.of("../docs/examples/prober/probe.yaml");
    Settings settings =
        ConfigurationFile.read(
            example.toString(),
            Files.readString(example),
            Map.of("FARES_PROBE_TOKEN", "secret")::get,
            Settings::read);

    assertThat(settings.port()).isEqualTo(8081);
    assertThat(settings.targets())
        .extracting(target -> target.system().system())
        .containsExactly("departures", "fares");
    assertThat(settings.targets().getLast().token()).hasValue("secret");
  }

  @Test
  void withoutAFileTheTextComesFromTheEnvironment() throws CommandFailed {
    Map<String, String> environment =
        Map.of(
            "ESCALA_PROBE",
            "targets: [{system: {name: departures, env: prod, tier: standard, region: r}, url:"
                + " 'http://localhost', read: '/a/b?limit=1'}]");

    assertThat(ProbeCommand.settings(null, environment::get).targets()).hasSize(1);
    assertThatThrownBy(() -> ProbeCommand.settings(null, Map.<String, String>of()::get))
        .hasMessageContaining("ESCALA_PROBE is empty");
  }

  @Test
  void prometheusGetsWhetherAndHowFastItAnswers() throws Exception {
    try (ProbeCommand.Running running = new ProbeCommand.Running(settings(""))) {
      String labels =
          "env=\"prod\",region=\"eu-west-1\",%ssystem=\"departures\",tier=\"critical\"}";
      eventually(
          "it answers",
          () -> metrics(running).contains("prober_success{" + labels.formatted("") + " 1.0"));
      assertThat(metrics(running)).contains("prober_duration_seconds{");
      assertThat(asked).isEqualTo("/flights/departures?limit=1 Bearer secret");

      status = 503;
      eventually(
          "it does not any more",
          () -> metrics(running).contains("prober_success{" + labels.formatted("") + " 0.0"));
      assertThat(metrics(running))
          .contains("prober_checks_total{" + labels.formatted("result=\"failed\","));
      assertThat(get(running, "/live")).contains("ok");
    }
  }

  private static String metrics(ProbeCommand.Running running) throws Exception {
    return get(running, "/metrics").replaceAll("tier=\"critical\",?}", "tier=\"critical\"}");
  }

  private static String get(ProbeCommand.Running running, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + running.port() + path);
    try (HttpClient client = HttpClients.create()) {
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    }
  }

  @Test
  void onceTellsPeopleAndEndsAsItFound() throws IOException {
    Path file = Files.writeString(folder.resolve("probe.yaml"), yaml(""));
    assertThat(CommandRun.of("probe", file.toString(), "--once").exitsWith(0))
        .contains("departures: ok");
    body = "[]";
    assertThat(CommandRun.of("probe", file.toString(), "--once").exitsWith(1))
        .contains("departures: the answer has no row");
    server.stop(0);
    assertThat(CommandRun.of("probe", file.toString(), "--once").exitsWith(1))
        .contains("departures: Connection refused");
  }

  @Test
  void theExampleOfTheDocsIsRight() throws Exception {
    String docs = Files.readString(Path.of("../docs/monitoring.md"));
    int from = docs.indexOf("```yaml\nevery:") + "```yaml\n".length();
    Settings settings =
        ConfigurationFile.read(
            "docs", docs.substring(from, docs.indexOf("```", from)), name -> null, Settings::read);
    assertThat(settings.targets())
        .extracting(target -> target.system().system())
        .containsExactly("departures", "fares");
  }

  @Test
  void everyErrorIsToldAtOnce() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("probe.yaml"),
            """
            evry: 5s
            targets:
              - {system: {name: a}, url: nonsense, read: /ping}
              - {system: {name: a}, read: flights}
            """);
    assertThat(CommandRun.of("probe", file.toString()).exitsWith(2))
        .contains(
            "evry: is not a known key; did you mean every?",
            "targets[0].read: must be a path that reads data",
            "targets[0].url: must be a URL",
            "targets[1].url: is missing",
            "targets[1].read: must be a path that reads data",
            "targets[1].system: is asked already");
    assertThat(CommandRun.of("probe", folder.resolve("no.yaml").toString()).exitsWith(2))
        .contains("no.yaml cannot be read");
  }
}
