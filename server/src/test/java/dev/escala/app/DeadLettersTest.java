package dev.escala.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Rejected messages, as people work on them: by the command line, and on the admin port. */
@Tag("integration")
class DeadLettersTest {
  private static final String YAML =
      """
      databases: {db: {url: "${URL}", pools: {pipelined: 1, streams: 1, sql: 1}}}
      topics:
        t: {table: db.t, key: $.id}
        other: {table: db.other}
      auth: none
      """;

  private final Database database = PostgresServer.newDatabase();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private RunningServer server;
  private Path file;

  @TempDir private Path folder;

  @BeforeEach
  void reject() throws Exception {
    database.execute("CREATE TABLE t (id text, tail text NOT NULL)");
    server = RunningServer.start(YAML, database, Map.of());
    file = configuration(YAML);
    assertThat(server.post("/topics/t", "{\"id\":\"good\",\"tail\":\"N1\"}").statusCode())
        .isEqualTo(200);
    post("/topics/t", "{\"id\":\"a\"}\n{\"id\":\"b\"}\n{\"id\":\"c\"}\n");
    post("/topics/other", "{\"n\":1\n");
    assertThat(database.count("SELECT count(*) FROM escala.dead_letter")).isEqualTo(4);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Path configuration(String yaml) throws Exception {
    return Files.writeString(
        folder.resolve("escala.yaml"),
        yaml.replace("${URL}", RunningServer.url(database, "postgres", "postgres")));
  }

  private void post(String path, String lines) {
    assertThat(server.post(path, lines, "Content-Type", "application/x-ndjson").statusCode())
        .isEqualTo(422);
  }

  private void mend() {
    database.execute("ALTER TABLE t ALTER tail DROP NOT NULL");
  }

  private int run(String command, String... options) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> arguments =
        new ArrayList<>(List.of("dead-letters", command, "--config", file.toString()));
    arguments.addAll(List.of(options));
    CommandLine line =
        EscalaCommand.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    return EscalaCommand.exitCode(line, arguments.toArray(String[]::new));
  }

  private HttpResponse<String> admin(String method, String path) {
    return server.send(method, "admin:" + path, "");
  }

  private JsonNode answer(String method, String path) {
    HttpResponse<String> answer = admin(method, path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JsonMapper.shared().readTree(answer.body());
  }

  private List<String> statuses() {
    return database.rows("SELECT status FROM escala.dead_letter ORDER BY id");
  }

  @Test
  void theyAreListed() {
    assertThat(run("list")).isZero();
    assertThat(out.toString())
        .contains("field.missing", "json.malformed", "(4 of 4)")
        .contains("tail", "must be there and not be null");
    assertThat(run("list", "--limit", "3")).isZero();
    assertThat(out.toString()).contains("(3 of 4)\nMore: --after 3\n");
    assertThat(run("list", "--after", "3")).isZero();
    assertThat(out.toString()).contains("other", "(1 of 1)").doesNotContain("field.missing");
    assertThat(run("list", "--topic", "t", "--reason", "json.malformed")).isZero();
    assertThat(out.toString()).contains("(0 of 0)");
    assertThat(run("list", "--since", "1h", "--until", "2999-01-01T00:00:00+01:00")).isZero();
    assertThat(out.toString()).contains("(4 of 4)");
    assertThat(run("list", "--until", "1h", "--status", "any")).isZero();
    assertThat(out.toString()).contains("(0 of 0)");
  }

  @Test
  void oneIsShownWholeWithWhatToDo() {
    assertThat(run("show", "1")).isZero();
    assertThat(out.toString())
        .contains("reason        field.missing", "column        tail", "status        new")
        .contains("DROP NOT NULL", "replay --id 1.")
        .endsWith("\n\n{\"id\":\"a\"}\n");
    assertThat(run("show", "99")).isEqualTo(1);
    assertThat(err.toString()).contains("There is no dead letter 99 here.");
  }

  @Test
  void whatIsShownTellsATerminalNothing() {
    post("/topics/other", "\u001b[2J\u0007 no json");
    assertThat(run("show", "5")).isZero();
    assertThat(out.toString()).contains("\ufffd[2J\ufffd no json").doesNotContain("\u001b");
    assertThat(run("list", "--topic", "\u001b[2J")).isZero();
    assertThat(run("list", "--reason", "\u001b[2J")).isEqualTo(2);
    assertThat(err.toString()).contains("There is no reason ?[2J").doesNotContain("\u001b");
  }

  @Test
  void theyAreReplayedOnceTheTableIsMended() {
    assertThat(run("replay", "--topic", "t")).isEqualTo(1);
    assertThat(out.toString())
        .isEqualTo("3 replayed: 0 stored, 0 duplicates, 3 rejected\n  3 field.missing\n");
    mend();
    assertThat(run("replay", "--topic", "t", "--dry-run")).isZero();
    assertThat(out.toString())
        .isEqualTo("3 would be replayed: 3 stored, 0 duplicates, 0 rejected\n");
    assertThat(database.count("SELECT count(*) FROM t")).isEqualTo(1);
    assertThat(statuses()).containsOnly("new");
    assertThat(run("replay")).isEqualTo(1);
    assertThat(out.toString())
        .isEqualTo("4 replayed: 3 stored, 0 duplicates, 1 rejected\n  1 json.malformed\n");
    assertThat(database.rows("SELECT _id, _source FROM t ORDER BY 1"))
        .containsExactly("a|http", "b|http", "c|http", "good|http");
    assertThat(statuses()).containsExactly("resolved", "resolved", "resolved", "new");
    assertThat(run("show", "1")).isZero();
    assertThat(out.toString()).contains("Nothing is left to do");
    assertThat(run("replay", "--topic", "t")).isZero();
    assertThat(out.toString()).startsWith("0 replayed");
  }

  @Test
  void aTopicThatIsNotConfiguredAnyMoreKeepsItsLetters() throws Exception {
    file = configuration(YAML.replace("  other: {table: db.other}\n", ""));
    assertThat(run("replay", "--topic", "other")).isEqualTo(1);
    assertThat(out.toString()).contains("1 left: the topic other is not configured");
    assertThat(statuses()).containsOnly("new");
  }

  @Test
  void theyAreDiscardedOnlyByName() {
    assertThat(run("discard")).isEqualTo(2);
    assertThat(err.toString()).contains("Say which");
    assertThat(run("discard", "--status", "resolved", "--topic", "t")).isEqualTo(2);
    assertThat(statuses()).containsOnly("new");
    assertThat(run("discard", "--topic", "other")).isZero();
    assertThat(out.toString()).isEqualTo("1 discarded\n");
    assertThat(run("discard", "--all")).isZero();
    assertThat(out.toString()).isEqualTo("3 discarded\n");
    assertThat(statuses()).containsOnly("discarded");
    assertThat(run("replay")).isZero();
    assertThat(out.toString()).startsWith("0 replayed");
    mend();
    assertThat(run("replay", "--status", "discarded", "--id", "1")).isZero();
    assertThat(statuses()).containsExactly("resolved", "discarded", "discarded", "discarded");
  }

  @Test
  void whatIsResolvedIsNotReplayed() {
    assertThat(run("replay", "--status", "any")).isEqualTo(2);
    assertThat(err.toString()).contains("is stored already");
    assertThat(run("nonsense")).isEqualTo(2);
  }

  @Test
  void troubleOfTheDatabaseIsSaid() {
    mend();
    database.execute("ALTER TABLE t RENAME TO gone; CREATE VIEW t AS SELECT * FROM gone");
    assertThat(run("replay", "--topic", "t")).isEqualTo(1);
    assertThat(err.toString()).contains("It stopped", "Nothing is lost");
    assertThat(statuses()).containsOnly("new");
    HttpResponse<String> stopped = admin("POST", "/dead-letters/replay?topic=t");
    assertThat(stopped.statusCode()).isEqualTo(503);
    assertThat(stopped.body()).contains("ESC165", "\"stored\":0", "\"remaining\":3");
  }

  @Test
  void theAdminPortListsAndShowsThem() {
    JsonNode first = answer("GET", "/dead-letters?limit=3");
    assertThat(first.path("dead_letters").size()).isEqualTo(3);
    assertThat(first.path("dead_letters").path(0).path("reason").asString())
        .isEqualTo("field.missing");
    assertThat(first.path("dead_letters").path(0).has("body")).isFalse();
    assertThat(first.path("next").asLong()).isEqualTo(3);
    JsonNode rest = answer("GET", "/dead-letters?limit=3&after=3");
    assertThat(rest.path("dead_letters").size()).isEqualTo(1);
    assertThat(rest.path("next").isNull()).isTrue();

    JsonNode shown = answer("GET", "/dead-letters/1");
    assertThat(shown.path("body").asString()).isEqualTo("{\"id\":\"a\"}");
    assertThat(shown.path("hint").asString()).contains("DROP NOT NULL");
    post("/topics/other", "\u00ff".repeat(3));
    database.execute("UPDATE escala.dead_letter SET body = '\\xff00' WHERE id = 4");
    assertThat(answer("GET", "/dead-letters/4").path("body_base64").asString()).isEqualTo("/wA=");
  }

  @Test
  void theAdminPortReplaysInPartsAndDiscards() {
    mend();
    JsonNode rehearsed = answer("POST", "/dead-letters/replay?dry-run=true");
    assertThat(rehearsed.path("stored").asLong()).isEqualTo(3);
    assertThat(rehearsed.path("rejected").path("json.malformed").asLong()).isEqualTo(1);
    assertThat(statuses()).containsOnly("new");

    JsonNode some = answer("POST", "/dead-letters/replay?limit=2");
    assertThat(some.path("stored").asLong()).isEqualTo(2);
    assertThat(some.path("next").asLong()).isEqualTo(2);
    assertThat(some.path("remaining").asLong()).isEqualTo(2);
    JsonNode rest = answer("POST", "/dead-letters/replay?limit=10&after=2");
    assertThat(rest.path("stored").asLong()).isEqualTo(1);
    assertThat(rest.path("next").isNull()).isTrue();
    assertThat(rest.path("remaining").asLong()).isZero();
    assertThat(statuses()).containsExactly("resolved", "resolved", "resolved", "new");

    assertThat(answer("POST", "/dead-letters/discard?topic=other").path("discarded").asLong())
        .isEqualTo(1);
    assertThat(answer("GET", "/dead-letters").path("dead_letters").size()).isZero();
    assertThat(answer("GET", "/dead-letters?status=discarded").path("dead_letters").size())
        .isEqualTo(1);
  }
}
