package dev.escala.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.escala.publish.FileFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

/** The commands against a server that answers what the test says. */
class CommandLineTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<String> requests = new ArrayList<>();
  private final List<Answer> answers = new ArrayList<>();
  private HttpServer server;

  private record Answer(int status, String body) {}

  @BeforeEach
  void listen() throws IOException {
    server = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
    server.createContext(
        "/",
        exchange -> {
          requests.add(
              exchange.getRequestURI()
                  + " "
                  + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          Answer answer = answers.size() > 1 ? answers.removeFirst() : answers.getFirst();
          byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Retry-After", "0");
          exchange.sendResponseHeaders(answer.status(), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String url() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  private int run(String... arguments) {
    CommandLine commandLine = EscalaCommand.commandLine();
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine.execute(arguments);
  }

  @Test
  void versionNamesTheBuild() {
    assertThat(run("version")).isZero();
    assertThat(out.toString()).matches("escala \\d+\\.\\d+\\.\\d+\\S* \\(\\w+\\)\n");
  }

  @Test
  void usageErrorsEndWithTwo() {
    assertThat(run()).isEqualTo(2);
    assertThat(run("nonsense")).isEqualTo(2);
    assertThat(err.toString()).contains("nonsense").contains("Usage: escala");
  }

  @Test
  void publishSendsLinesInBatchesAndSumsUp(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("a.ndjson");
    Files.writeString(file, "{\"a\":1}\n\n".repeat(1500));
    answers.add(new Answer(503, "{}"));
    answers.add(
        new Answer(200, "{\"received\":1000,\"stored\":990,\"duplicates\":10,\"rejected\":[]}"));
    answers.add(
        new Answer(
            200,
            "{\"received\":500,\"stored\":499,\"duplicates\":0,"
                + "\"rejected\":[{\"index\":7,\"reason\":\"field.type\",\"detail\":\"no\"}]}"));

    assertThat(run("publish", "a topic", file.toString(), "--to", url())).isEqualTo(1);
    assertThat(requests).hasSize(3).allMatch(request -> request.startsWith("/topics/a%20topic "));
    assertThat(out.toString())
        .isEqualTo(
            "1,500 published: 1,489 stored, 10 duplicates, 1 rejected\n"
                + "  message 1,008: field.type no\n");
  }

  @Test
  void publishSaysWhatTheServerRefuses(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("a"), "{}");
    answers.add(
        new Answer(404, "{\"code\":\"ESC103\",\"message\":\"No topic x\",\"hint\":\"Try y\"}"));
    assertThat(run("publish", "x", file.toString(), "--to", url())).isEqualTo(1);
    assertThat(err.toString()).contains("answered 404: No topic x. Try y");
  }

  private static final String ONE_STORED =
      "{\"received\":1,\"stored\":1,\"duplicates\":0,\"rejected\":[]}";

  @Test
  void publishRefusesWhatCannotBeMeantBeforeItSends(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("a.txt"), "hello\nworld\n");
    assertThat(run("publish", "x", file.toString(), "--to", url())).isEqualTo(2);
    assertThat(err.toString()).contains(file + " begins with hello").contains("--format");
    assertThat(requests).isEmpty();
  }

  @Test
  void publishSendsAPrettyPrintedArrayAsItsElements(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("a"), "[\n {\n  \"a\": 1\n },\n {\"a\": 2}\n]");
    answers.add(new Answer(200, "{\"received\":2,\"stored\":2,\"duplicates\":0,\"rejected\":[]}"));
    assertThat(run("publish", "x", file.toString(), "--to", url())).isZero();
    assertThat(requests).containsExactly("/topics/x {\"a\":1}\n{\"a\":2}");
  }

  @Test
  void publishSendsTheRowsOfParquet(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("a");
    try (InputStream parquet = FileFormat.class.getResourceAsStream("hyparquet.parquet")) {
      Files.copy(parquet, file);
    }
    answers.add(new Answer(200, "{\"received\":3,\"stored\":3,\"duplicates\":0,\"rejected\":[]}"));
    assertThat(run("publish", "x", file.toString(), "--to", url())).isZero();
    assertThat(requests.getFirst())
        .contains("{\"s\":\"a\",\"i\":1,\"ts\":\"1970-01-01T00:00:00Z\"");
  }

  @Test
  void publishSplitsByOctetsAndDoesNotSendWhatIsTooLarge(@TempDir Path directory)
      throws IOException {
    String three = "{\"a\":\"" + "x".repeat(3 << 20) + "\"}\n";
    String seventeen = "{\"a\":\"" + "x".repeat(17 << 20) + "\"}\n";
    Path file = Files.writeString(directory.resolve("a"), three + seventeen + three);
    answers.add(new Answer(200, ONE_STORED));
    assertThat(run("publish", "x", file.toString(), "--to", url())).isEqualTo(1);
    assertThat(requests).hasSize(2);
    assertThat(out.toString())
        .startsWith("3 published: 2 stored, 0 duplicates, 1 rejected\n")
        .contains("message 2: payload.too_large");
  }

  @Test
  void publishGoesOnBehindWhatWasPublished(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("a.csv"), "a,b\n1,x\n2,y\n3,\n");
    answers.add(new Answer(200, ONE_STORED));
    assertThat(run("publish", "x", file.toString(), "--to", url(), "--skip", "2")).isZero();
    assertThat(requests).containsExactly("/topics/x {\"a\":3}");
  }

  /** The second part of it is not taken; what was said and what is then asked for fit together. */
  @Test
  void publishSaysHowToGoOn(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("a"), "{\"a\":1}\n".repeat(1_001));
    answers.add(
        new Answer(200, "{\"received\":1000,\"stored\":1000,\"duplicates\":0,\"rejected\":[]}"));
    answers.add(new Answer(503, "{\"code\":\"ESC005\",\"message\":\"There is no room\"}"));
    String[] publish = {"publish", "x", file.toString(), "--to", url(), "--patience", "0"};
    assertThat(run(publish)).isEqualTo(1);
    assertThat(err.toString()).contains("1,000 were published before; --skip 1000 goes on");
    answers.set(
        0,
        new Answer(
            200,
            "{\"received\":1,\"stored\":0,\"duplicates\":0,\"rejected\":"
                + "[{\"index\":0,\"reason\":\"field.type\",\"detail\":\"no\"}]}"));
    assertThat(run("publish", "x", file.toString(), "--to", url(), "--skip", "1000")).isEqualTo(1);
    assertThat(out.toString()).contains("message 1,001: field.type no");
  }

  @Test
  void publishWaitsNoLongerThanItsPatience(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("a"), "{\"a\":1}");
    answers.add(
        new Answer(503, "{\"code\":\"ESC001\",\"message\":\"The database does not answer\"}"));
    assertThat(run("publish", "x", file.toString(), "--to", url(), "--patience", "0")).isEqualTo(1);
    assertThat(err.toString()).contains("503").contains("The database does not answer");
  }

  @Test
  void publishNamesWhatItCannotUse() {
    assertThat(run("publish", "x", "/no/such/file", "--to", url())).isEqualTo(2);
    assertThat(run("publish", "x", "--to", "arn:aws:sqs:x")).isEqualTo(2);
    assertThat(err.toString())
        .contains("There is no file /no/such/file")
        .contains("arn:aws:sqs:x is not the ARN of an SNS topic");
  }

  @Test
  void queryPrintsATable() {
    answers.add(
        new Answer(
            200,
            "[{\"origin\":\"LAX\",\"n\":12},{\"origin\":null,\"n\":3.5},{\"origin\":\"A\",\"n\":1}]"));
    assertThat(run("query", "flights", "select 1 + 1", "--url", url())).isZero();
    assertThat(requests).containsExactly("/flights?q=select%201%20%2B%201&format=json ");
    assertThat(out.toString())
        .isEqualTo(
            """
             origin | n
            --------+-----
             LAX    |  12
                    | 3.5
             A      |   1
            (3 rows)
            """);
  }

  @Test
  void queryTellsTheDatabasesErrorAndItsHint() {
    answers.add(
        new Answer(400, "{\"code\":\"42601\",\"message\":\"syntax error\",\"hint\":\"look\"}"));
    assertThat(run("query", "flights", "selec", "--url", url())).isEqualTo(1);
    assertThat(err.toString()).isEqualTo("42601: syntax error\n  look\n");
  }

  private static final String HEALTH =
      """
      {"status":"%s","checks":{\
      "api":{"status":"ok","p99_ms":12,"reads_last_minute":340},\
      "database db":{"status":"warn","in_recovery":false,"latency_ms":240,"started_at":"x","up_seconds":86400},\
      "source sqs t":{"status":"critical","oldest_unsettled_seconds":75.5,"paused":true,"paused_reason":"shutdown"},\
      "probe":{"status":"critical","error":"no answer","seconds_ago":1.5,"url":"http://x"},\
      "canary t":{"status":"unknown"}}}\
      """;

  @Test
  void statusPrintsALineForEachCheck() {
    answers.add(new Answer(503, HEALTH.formatted("critical")));
    assertThat(run("status", "--url", url() + "/")).isEqualTo(1);
    assertThat(requests).containsExactly("/health ");
    assertThat(out.toString())
        .isEqualTo(
            """
            critical  all together
            critical  source sqs t  oldest unsettled 75.5 s, paused, paused reason shutdown
            critical  probe         no answer, 1.5 s ago
            warn      database db   latency 240 ms, up 24 h
            unknown   canary t
            ok        api           p99 12 ms, reads last minute 340
            """);
  }

  /** Sixty topics with a queue and a canary each; queues of these are ill. */
  private static String many(int critical, int warn) {
    List<String> checks = new ArrayList<>();
    checks.add("\"api\":{\"status\":\"ok\"}");
    for (int i = 0; i < 60; i++) {
      String status =
          i % 2 == 1 && i / 2 < critical ? "critical" : i % 2 == 0 && i / 2 < warn ? "warn" : "ok";
      checks.add("\"source sqs t%02d\":{\"status\":\"%s\"}".formatted(i, status));
      checks.add("\"canary t%02d\":{\"status\":\"ok\"}".formatted(i));
    }
    return "{\"status\":\"critical\",\"checks\":{" + String.join(",", checks) + "}}";
  }

  @Test
  void statusFoldsWhatIsAlikeOfManyTopicsAndShowsTheWorstFirst() {
    answers.add(new Answer(503, many(2, 12)));
    assertThat(run("status", "--url", url())).isEqualTo(1);
    assertThat(out.toString())
        .isEqualTo(
            """
            critical  all together: 2 critical, 12 warn, 107 ok
            critical  source sqs t01
            critical  source sqs t03
            warn      source sqs t00
            warn      source sqs t02
            warn      source sqs t04
            warn      source sqs t06
            warn      source sqs t08
            warn      source sqs t10
            warn      source sqs t12
            warn      source sqs t14
            warn      source sqs t16
            warn      source sqs t18
            warn      source sqs      2 more: t20, t22
            ok        api
            ok        canary          60 alike
            ok        source sqs      46 alike
            """);
  }

  @Test
  void statusShowsEachCheckWhereItIsAskedTo() {
    answers.add(new Answer(503, many(2, 12)));
    assertThat(run("status", "--all", "--url", url())).isEqualTo(1);
    assertThat(out.toString().lines()).hasSize(122);
    assertThat(out.toString()).startsWith("critical  all together\ncritical  source sqs t01\n");
  }

  @ParameterizedTest
  @CsvSource({"statsu,status", "serv,serve", "dead-leters,dead-letters", "publsih,publish"})
  void aCommandThatThereIsNotIsAnsweredWithTheNearest(String mistyped, String meant) {
    assertThat(run(mistyped)).isEqualTo(2);
    assertThat(err.toString()).contains("Did you mean: escala " + meant).doesNotContain("Usage:");
  }

  @ParameterizedTest
  @CsvSource({"ok,0", "warn,0", "unknown,0", "critical,1"})
  void statusEndsWithOneWhereSomethingIsCritical(String status, int exitCode) {
    answers.add(new Answer(status.equals("critical") ? 503 : 200, HEALTH.formatted(status)));
    assertThat(run("status", "--url", url(), "--json")).isEqualTo(exitCode);
    assertThat(out.toString()).isEqualTo(HEALTH.formatted(status) + "\n");
  }

  @Test
  void statusNamesWhatDoesNotAnswerAsAServerDoes() {
    answers.add(new Answer(404, "<html>"));
    assertThat(run("status", "--url", url())).isEqualTo(1);
    answers.set(0, new Answer(200, "{\"status\":\"ok\"}"));
    assertThat(run("status", "--url", url())).isEqualTo(1);
    assertThat(err.toString()).contains("answered 404 without", "answered 200 without");
    server.stop(0);
    assertThat(run("status", "--url", url())).isEqualTo(1);
    assertThat(run("status", "--url", "no url")).isEqualTo(2);
    assertThat(err.toString()).contains("does not answer", "no url is not a URL");
  }

  @Test
  void coloursAreForTerminalsAndLeaveTheColumnsAlone() {
    HealthTable table = HealthTable.of(JsonMapper.shared().readTree(HEALTH.formatted("warn")));
    assertThat(table.text(true)).contains("\u001b[33mwarn\u001b[0m      all together");
    assertThat(table.text(true).replaceAll("\u001b\\[\\d+m", "")).isEqualTo(table.text(false));
    assertThat(table.text(false)).doesNotContain("\u001b");
  }

  @Test
  void aServerThatDoesNotRunIsNamed() {
    server.stop(0);
    assertThat(run("query", "flights", "select 1", "--url", url())).isEqualTo(1);
    assertThat(err.toString()).contains(url() + " does not answer. Does the server run?");
  }

  @Test
  void anErrorThatNobodyForesawEndsTheCommandToo() {
    @CommandLine.Command(name = "broken")
    final class Broken implements Runnable {
      @Override
      public void run() {
        throw new NoClassDefFoundError("missing/Part");
      }
    }
    CommandLine commandLine = EscalaCommand.commandLine().addSubcommand(new Broken());
    commandLine.setErr(new PrintWriter(err));

    assertThat(EscalaCommand.exitCode(commandLine, "broken")).isEqualTo(CommandFailed.EXIT_CODE);
    assertThat(err.toString()).contains("NoClassDefFoundError: missing/Part", "Broken.run");
  }
}
