package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whoever publishes what nobody asked for makes no more of a database than is allowed. */
@Tag("integration")
@Timeout(180)
class InventedBoundsTest {
  private static final String YAML =
      """
      auth: none
      canary: {enabled: false}
      databases: {db: {url: "${URL}"}}
      topics:
        "*":        {table: "db.{topic}", max-columns: 8}
        departures: {table: db.flights}
      publish:   {invented: {tables: 3, columns: 10, tables-per-minute: 1000}}
      """;

  private static final String OF_STRANGERS =
      """
      SELECT count(*) FROM pg_description
      WHERE description LIKE 'Key of the topic %' AND description NOT LIKE '%departures,%'\
      """;

  private final Database database = PostgresServer.newDatabase();

  private RunningServer start() {
    return RunningServer.start(YAML, database, Map.of());
  }

  private static String fields(String prefix, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"%s%d\":%d".formatted(prefix, i, i))
        .collect(Collectors.joining(",", "{", "}"));
  }

  private long columns(String table) {
    return database.count(
        "SELECT count(*) FROM information_schema.columns WHERE table_name = '%s' AND column_name !~ '^_'"
            .formatted(table));
  }

  @Test
  void tablesAreCountedByTheDatabaseThroughRestartsAndInstances() {
    try (RunningServer one = start();
        RunningServer two = start()) {
      assertThat(one.post("/topics/a", "{\"n\":1}").statusCode()).isEqualTo(200);
      assertThat(two.post("/topics/b", "{\"n\":1}").statusCode()).isEqualTo(200);
      assertThat(one.post("/topics/c", "{\"n\":1}").statusCode()).isEqualTo(200);
      for (RunningServer server : List.of(one, two)) {
        HttpResponse<String> refused = server.post("/topics/d", "{\"n\":1}");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.body()).contains("ESC168", "3 tables", "publish.invented.tables");
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("60");
      }
      // What is there goes on, and what a person configured has no such bound.
      assertThat(two.post("/topics/a", "{\"n\":2}").statusCode()).isEqualTo(200);
      assertThat(two.post("/topics/departures", fields("f", 20)).statusCode()).isEqualTo(200);
    }
    try (RunningServer again = start()) {
      assertThat(again.post("/topics/d", "{\"n\":1}").statusCode()).isEqualTo(429);
      database.execute("DROP TABLE b");
      assertThat(again.post("/topics/d", "{\"n\":1}").statusCode()).isEqualTo(200);
      assertThat(again.post("/topics/b", "{\"n\":1}").statusCode()).isEqualTo(429);
    }
    assertThat(database.count(OF_STRANGERS)).isEqualTo(3);
    assertThat(columns("flights")).isEqualTo(20);
  }

  /** Names that come all at once pass no bound by more than what is made at the same moment. */
  @Test
  void manyAtOnceMakeNoMore() throws InterruptedException {
    try (RunningServer server = start()) {
      List<Integer> answers = Collections.synchronizedList(new ArrayList<>());
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        String topic = "/topics/t" + i;
        clients.add(
            Thread.ofVirtual()
                .start(() -> answers.add(server.post(topic, "{\"n\":1}").statusCode())));
      }
      for (Thread client : clients) {
        client.join();
      }
      assertThat(answers).hasSize(30).allMatch(status -> List.of(200, 429, 503).contains(status));
      assertThat(database.count(OF_STRANGERS)).isEqualTo(3);
    }
  }

  @Test
  void columnsHaveABoundForATableAndOneForAllTables() {
    try (RunningServer server = start()) {
      // 8 for a table, and a message brings no more than half of what is left.
      assertThat(server.post("/topics/a", fields("a", 4)).body()).contains("\"stored\":1");
      assertThat(server.post("/topics/a", fields("b", 2)).body()).contains("\"stored\":1");
      assertThat(server.post("/topics/a", fields("c", 1)).body()).contains("\"stored\":1");
      assertThat(server.post("/topics/a", fields("d", 1)).body()).contains("\"stored\":1");
      assertThat(server.post("/topics/a", fields("e", 1)).body()).contains("field.unknown");
      assertThat(columns("a")).isEqualTo(8);

      // 10 for all tables of strangers together.
      assertThat(server.post("/topics/b", fields("a", 2)).body()).contains("\"stored\":1");
      assertThat(server.post("/topics/b", fields("b", 1)).body())
          .contains("field.unknown", "all that were made for topics without a configuration");
      assertThat(server.post("/topics/b", fields("a", 2)).body()).contains("\"stored\":1");
      assertThat(columns("b")).isEqualTo(2);
      assertThat(
              database.rows(
                  "SELECT DISTINCT reason FROM escala.dead_letter WHERE octet_length(body) > 0"))
          .containsExactly("field.unknown");
      assertThat(server.post("/topics/departures", fields("x", 30)).body())
          .contains("\"stored\":1");
    }
  }

  @Test
  void whatIsUsedAndAllowedIsSeen() {
    try (RunningServer server = start()) {
      assertThat(server.post("/topics/a", fields("a", 4)).statusCode()).isEqualTo(200);
      assertThat(server.post("/topics/b", fields("a", 2)).statusCode()).isEqualTo(200);
      eventually(
          () -> server.send("GET", "admin:/topics", "").body(),
          () ->
              server
                  .send("GET", "admin:/topics", "")
                  .body()
                  .contains("\"columns\":{\"used\":6,\"allowed\":10}"));
      assertThat(server.send("GET", "admin:/topics", "").body())
          .contains(
              "\"tables\":{\"used\":2,\"allowed\":3}", "\"open\":{\"used\":2,\"allowed\":1000}")
          .contains("\"columns\":{\"used\":4,\"allowed\":8}");
      assertThat(server.get("/health").body())
          .contains("\"tables\":2", "\"most_tables\":3", "\"columns\":6", "\"most_columns\":10");
      assertThat(server.metric("ingest_invented_tables_used_ratio", "database=\"db\""))
          .isBetween(0.66, 0.67);
      assertThat(server.metric("ingest_invented_columns_used_ratio", "database=\"db\""))
          .isEqualTo(0.6);
      assertThat(server.metric("ingest_columns_used_ratio", "topic=\"a\"")).isEqualTo(0.5);
      assertThat(server.metric("ingest_columns_used_ratio", "topic=\"b\"")).isEqualTo(0.25);
    }
  }

  @Test
  void checkTellsThem(@TempDir Path folder) throws Exception {
    String url = RunningServer.url(database, "postgres", "postgres");
    Path file = Files.writeString(folder.resolve("escala.yaml"), YAML.replace("${URL}", url));

    assertThat(CommandRun.of("check", file.toString()).exitsWith(0))
        .contains(
            "any other topic: at most 1,000 open in a process, 3 tables and 10 columns in db, 8"
                + " columns in a table, 1,000 new tables a minute for a client");
    assertThat(CommandRun.of("check", "--live", file.toString()).exitsWith(0))
        .contains("ok    topics that no configuration names: 0 of 3 tables, 0 of 10 columns in db");
    assertThat(database.count("SELECT count(*) FROM pg_namespace WHERE nspname = 'escala'"))
        .as("it changes nothing")
        .isZero();
    try (RunningServer server = start()) {
      for (String topic : List.of("a", "b", "c")) {
        assertThat(server.post("/topics/" + topic, "{\"n\":1}").statusCode()).isEqualTo(200);
      }
    }
    assertThat(CommandRun.of("check", "--live", file.toString()).exitsWith(0))
        .contains("warn  topics that no configuration names: 3 of 3 tables, 3 of 10 columns in db");
  }
}
