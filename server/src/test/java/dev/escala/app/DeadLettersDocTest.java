package dev.escala.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.config.ConfigurationException;
import dev.escala.store.postgres.LetterSettings;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import dev.escala.testing.SqsServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Follows docs/dead-letters.md from its beginning to its end, and sees what it says. */
@Tag("integration")
class DeadLettersDocTest {
  private static final String YAML =
      """
      databases: {db: {url: "${URL}", pools: {pipelined: 1, streams: 1, sql: 1}}}
      topics: {departures: {table: db.departures, key: $.id}, flights: {table: db.flights}}
      sources: [{sqs: {queue: "${QUEUE}", topic: flights, endpoint: "${SQS}"}}]
      auth: none
      """;

  private static final Pattern BLOCK = Pattern.compile("```(\\w+)\n(.*?)```", Pattern.DOTALL);
  private static final Pattern CURL = Pattern.compile("curl (-X POST )?'localhost:8081(.*)'");

  private final Database database = PostgresServer.newDatabase();
  private final SqsServer.Queue queue = SqsServer.shared().newQueue(120);

  @TempDir private Path folder;

  private String yaml() {
    return YAML.replace("${QUEUE}", queue.url())
        .replace("${SQS}", SqsServer.shared().endpoint().toString());
  }

  private String run(String command) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("escala.yaml"),
            yaml().replace("${URL}", RunningServer.url(database, "postgres", "postgres")));
    List<String> arguments =
        new ArrayList<>(List.of(command.replaceAll("#.*", "").strip().split(" +")));
    assertThat(arguments.removeFirst()).isEqualTo("./escala");
    arguments.replaceAll(word -> word.equals("escala.yaml") ? file.toString() : word);
    CommandRun run = CommandRun.of(arguments);
    assertThat(run.exitCode()).isLessThan(2);
    return run.out();
  }

  /** Times are those of the day on which it was written. */
  private static String withoutTimes(String text) {
    return text.replaceAll("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z", "TIME").strip();
  }

  @Test
  void isTrue() throws Exception {
    queue.redriveTo(SqsServer.shared().newQueue(120), 20);
    database.execute("CREATE TABLE departures (id text, gate text NOT NULL)");
    try (RunningServer server = RunningServer.start(yaml(), database, Map.of())) {
      Stream.of(
              "{\"id\":\"EX100\",\"gate\":\"A1\"}",
              "{\"id\":\"EX101\",\"gate\":null}",
              "{\"id\":\"EX102\"}",
              "{\"id\":\"EX103\",\"gate\":")
          .forEach(
              message ->
                  server.post(
                      "/topics/departures",
                      message + "\n",
                      "Content-Type",
                      "application/x-ndjson",
                      "Idempotency-Key",
                      message.substring(7, 12)));
      follow(server);
    }
    assertThat(database.rows("SELECT status FROM escala.dead_letter ORDER BY id"))
        .containsExactly("resolved", "resolved", "discarded");
  }

  private void follow(RunningServer server) throws Exception {
    Matcher blocks = BLOCK.matcher(Files.readString(Path.of("../docs/dead-letters.md")));
    String printed = "";
    int followed = 0;
    while (blocks.find()) {
      String block = blocks.group(2);
      followed++;
      switch (blocks.group(1)) {
        case "sql" -> database.execute(block);
        case "yaml" ->
            assertThat(letters(yaml() + block)).as("the defaults").isEqualTo(letters(yaml()));
        case "text" -> assertThat(withoutTimes(printed)).isEqualTo(withoutTimes(block));
        default -> {
          if (block.startsWith("curl")) {
            block.lines().forEach(line -> ask(server, line));
          } else {
            printed = "";
            for (String line : block.lines().toList()) {
              printed += run(line);
            }
          }
        }
      }
    }
    assertThat(followed).isEqualTo(14);
  }

  private static LetterSettings letters(String yaml) throws ConfigurationException {
    return Configuration.read("test", yaml, name -> "postgresql://user@localhost/db").letters();
  }

  private static void ask(RunningServer server, String line) {
    Matcher curl = CURL.matcher(line);
    assertThat(curl.matches()).as(line).isTrue();
    String method = curl.group(1) == null ? "GET" : "POST";
    assertThat(server.send(method, "admin:" + curl.group(2), "").statusCode())
        .as(line)
        .isEqualTo(200);
  }
}
