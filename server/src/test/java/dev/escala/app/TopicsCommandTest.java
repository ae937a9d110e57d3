package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code escala topics}. */
@Tag("integration")
class TopicsCommandTest {
  private static final String YAML =
      """
      databases: {db: {url: "${URL}"}}
      topics:
        t:
          table: db.t
          key: $.id
          rename: {gate: stand}
          rollups: {by_stand: {by: stand, values: {rows: count, delay: sum(delay)}}}
        "*": {table: "db.{topic}"}
      auth: none
      """;

  private final Database database = PostgresServer.newDatabase();
  @TempDir private Path folder;
  private Path configuration;

  @BeforeEach
  void configure() throws Exception {
    configuration =
        Files.writeString(
            folder.resolve("escala.yaml"),
            YAML.replace("${URL}", RunningServer.url(database, "postgres", "postgres")));
  }

  private static CommandRun topics(String... arguments) {
    List<String> all = new ArrayList<>(List.of("topics"));
    all.addAll(List.of(arguments));
    return CommandRun.of(all);
  }

  private String config() {
    return "--config=" + configuration;
  }

  private void publish(String topic, String body) {
    try (RunningServer server = RunningServer.start(YAML, database, Map.of())) {
      assertThat(server.post("/topics/" + topic, body).statusCode()).isEqualTo(200);
    }
  }

  private String infer(String name, String content, String... more) throws Exception {
    Path file = Files.writeString(folder.resolve(name), content);
    List<String> all = new ArrayList<>(List.of("infer", file.toString()));
    all.addAll(List.of(more));
    return topics(all.toArray(String[]::new)).exitsWith(0);
  }

  @Test
  void aTopicIsInferredFromAFile() throws Exception {
    String text =
        infer(
            "my flights.2026.ndjson",
            """
            {"flight_id":"f1","at":"2026-01-31T12:00:00Z","delay":5,"gate":"1","seat":7,"x":null}
            {"flight_id":"f2","at":"2026-01-31T12:05:00Z","delay":1.5,"gate":"2","seat":8}
            {"flight_id":"f3","at":"2026-01-31T12:05:00Z","delay":2,"gate":"17","seat":9,"crew":[]}
            {"flight_id":"f4","at":"2026-01-31T12:06:00Z","delay":2,"gate":"17","seat":"9C"
            """);
    assertThat(text.lines().toList())
        .startsWith(
            "# From all 4 messages; 1 of them would be dead letters.",
            "topics:",
            "  my_flights:",
            "    table: DATABASE.my_flights # the name of your database",
            "    key: '$.flight_id'",
            "    time: '$.at'",
            "    columns:",
            "      - {name: flight_id, type: text}")
        .contains(
            "      - {name: at, type: timestamp with time zone}",
            "      - {name: delay, type: numeric}",
            "      - {name: crew, type: jsonb}",
            "#  - delay is numeric since message 2; before it all were bigint",
            "#  - x is always null, and has no column before it has a value",
            "#  - gate is text, and all its values are numbers in quotes; as a number with coerce:"
                + " lenient?",
            "#  - key: these tell messages apart as well: gate, seat")
        .anyMatch(line -> line.startsWith("#  - message 4 would be a dead letter: json.malformed"));
    assertLoads(text, "my_flights");
  }

  /** One row a day. */
  @Test
  void aTimeIsAKeyWhereNothingElseIs() throws Exception {
    assertThat(infer("days.csv", "date,rain\n2026-01-31,1\n2026-02-01,1\n"))
        .contains("    key: '$.date'\n    time: '$.date'\n");
  }

  /** Whatever fields are called. */
  @Test
  void whatIsInferredIsAConfiguration() throws Exception {
    String text =
        infer(
            "odd.json",
            "[{\"a'b\":1,\"c: d\":\"x\",\"\":2,\"}\":3,\"yes\":true,\"_id\":1,\"é\\n\":\"1\"}]",
            "--topic",
            "odd-1");
    assertLoads(text, "odd-1");
    assertThat(text).contains("without a key", "From all 1 messages");
  }

  private static void assertLoads(String text, String topic) throws Exception {
    Configuration read =
        Configuration.read(
            "inferred",
            "databases: {DATABASE: {url: 'postgresql://u@h/d'}}\nauth: none\n" + text,
            name -> null);
    assertThat(read.topics()).containsOnlyKeys(topic);
  }

  @Test
  void onlySoManyMessagesAreLookedAt() throws Exception {
    assertThat(infer("a.ndjson", "{\"n\":1}\n{\"n\":\"x\"}\n", "--limit", "1"))
        .contains("From the first 1 messages")
        .contains("{name: n, type: bigint}");
  }

  @Test
  void aFileThatIsNoneIsRefused() throws Exception {
    assertThat(topics("infer", folder.resolve("none.json").toString()).exitsWith(1))
        .contains("cannot be read");
    Path file = Files.writeString(folder.resolve("x.ndjson"), "");
    assertThat(topics("infer", file.toString(), "--topic", "a b").exitsWith(2))
        .contains("--topic is letters, digits");
  }

  @Test
  void tablesAreListed() {
    publish("t", "{\"id\":\"a\",\"gate\":\"B1\",\"delay\":3}");
    publish("other", "{\"n\":1}");
    database.execute("CREATE TABLE nobodys (a int)");
    database.execute("ANALYZE t");
    String listed = topics("list", config()).exitsWith(0);
    assertThat(listed.lines().map(line -> line.replaceAll(" +", " ")).toList())
        .anyMatch(line -> line.matches(" t \\| db\\.public\\.t \\| 1 \\| [1-9].* \\| 3"))
        .anyMatch(line -> line.startsWith(" other | db.public.other |") && line.endsWith("| 1"))
        .noneMatch(line -> line.contains("nobodys"));
  }

  @Test
  void aColumnIsRenamedAndShownUnderItsFormerName() {
    database.execute("CREATE TABLE t (id text, gate text)");
    publish("t", "{\"id\":\"a\"}");
    database.execute("UPDATE t SET gate = 'B1'");
    assertThat(topics("rename", config(), "t", "gate", "stand", "--view", "t_before").exitsWith(0))
        .contains("rename: {gate: stand}", "t_before shows it as gate");
    assertThat(database.rows("SELECT id, stand FROM t")).containsExactly("a|B1");
    assertThat(database.rows("SELECT id, gate FROM t_before")).containsExactly("a|B1");
    publish("t", "{\"id\":\"b\",\"gate\":\"B2\"}");
    assertThat(database.rows("SELECT id, gate FROM t_before ORDER BY 1"))
        .containsExactly("a|B1", "b|B2");
    assertThat(topics("rename", config(), "t", "nope", "x").exitsWith(1)).contains("42703");
    assertThat(topics("rename", config(), "a b", "nope", "x").exitCode()).isEqualTo(2);
  }

  @Test
  void aTableIsDroppedWhenThatIsMeant() {
    publish("other", "{\"n\":1}");
    assertThat(topics("drop", config(), "other").exitsWith(2)).contains("--yes");
    assertThat(database.count("SELECT count(*) FROM other")).isEqualTo(1);
    assertThat(topics("drop", config(), "other", "--yes").exitsWith(0)).contains("is dropped");
    assertThat(database.rows("SELECT to_regclass('other') IS NULL")).containsExactly("t");
  }

  /** It is a relation like any other, as soon as it is made. */
  @Test
  void aRollupIsRead() {
    try (RunningServer server = RunningServer.start(YAML, database, Map.of())) {
      String row = "{\"id\":\"a\",\"gate\":\"B1\",\"delay\":3}";
      assertThat(server.post("/topics/t", row).statusCode()).isEqualTo(200);
      assertThat(server.post("/topics/t", row + "\n" + row.replace("\"a\"", "\"b\"")).statusCode())
          .isEqualTo(200);
      eventually(
          () -> server.get("/db/by_stand").body(),
          () ->
              server
                  .get("/db/by_stand?select=stand,rows,delay&stand=eq.B1")
                  .body()
                  .equals("[{\"stand\":\"B1\",\"rows\":2,\"delay\":6}]"));
    }
  }

  @Test
  void aRollupIsRebuilt() {
    publish("t", "{\"id\":\"a\",\"gate\":\"B1\",\"delay\":3}");
    database.execute("DROP TABLE IF EXISTS by_stand; CREATE TABLE by_stand (mine int)");
    assertThat(topics("rebuild-rollup", config(), "t", "by_stand").exitsWith(1))
        .contains("by_stand is no rollup");
    assertThat(database.rows("SELECT mine FROM by_stand")).as("nothing is lost").isEmpty();
    database.execute("DROP TABLE by_stand");
    assertThat(topics("rebuild-rollup", config(), "t", "by_stand").exitsWith(0))
        .contains("by_stand counts all rows");
    assertThat(database.rows("SELECT stand, rows, delay FROM by_stand")).containsExactly("B1|1|3");
    publish("t", "{\"id\":\"b\",\"gate\":\"B1\",\"delay\":4}");
    assertThat(database.rows("SELECT stand, rows, delay FROM by_stand")).containsExactly("B1|2|7");
    assertThat(topics("rebuild-rollup", config(), "t", "nope").exitsWith(2))
        .contains("there are: [by_stand]")
        .hasLineCount(1);
  }
}
