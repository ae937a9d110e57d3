package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A topic with an archive: the server takes what is closed there, and says where it is. */
@Tag("integration")
class ArchivedTopicTest {
  private final Database database = PostgresServer.newDatabase();
  @TempDir private Path folder;

  private static String yaml(String archive) {
    return """
    databases: {db: {url: "${URL}"}}
    topics:
      t: {table: db.t, key: $.id, time: $.at, dedup: key-time, partition: month%s}
    auth: none
    """
        .formatted(archive);
  }

  private String archive(Path to) {
    return ", retain: 31d, archive: {after: 30d, to: \"%s\"}".formatted(to.toUri());
  }

  /** Rows of two months that are closed, and one of today. */
  private void publish() {
    try (RunningServer server = RunningServer.start(yaml(""), database, Map.of())) {
      String rows =
          """
          {"id":"a","at":"2026-03-01T00:00:00Z","n":1}
          {"id":"b","at":"2026-03-31T23:59:59Z","n":2}
          {"id":"c","at":"2026-05-01T00:00:00Z","tags":["x"]}
          {"id":"d","at":"%s"}
          """
              .formatted(Instant.now());
      assertThat(server.post("/topics/t", rows).statusCode()).isEqualTo(200);
    }
  }

  private static String link(HttpResponse<String> answer) {
    return answer.headers().firstValue("Link").orElse("none");
  }

  private long files(String end) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(end)).count();
    }
  }

  @Test
  void aServerArchivesAndSaysWhere() throws IOException {
    publish();
    try (RunningServer server = RunningServer.start(yaml(archive(folder)), database, Map.of())) {
      eventually("it is archived", () -> database.count("SELECT count(*) FROM t") == 1);
      eventually(
          "it is told",
          () -> server.metric("archive_last_success_timestamp_seconds", "topic=\"t\"") > 0);
      assertThat(server.metric("archive_rows_total", "topic=\"t\"")).isEqualTo(3);
      assertThat(server.metric("archive_bytes_total", "topic=\"t\"")).isPositive();
      assertThat(files(".parquet")).isEqualTo(2);
      assertThat(server.get("/health").body()).contains("archive t").contains("last_success");

      String table = "<%sdb/t>; rel=\"archives\"".formatted(folder.toUri());
      eventually("the table is known", () -> server.get("/db/t").statusCode() == 200);
      assertThat(link(server.get("/db/t"))).isEqualTo(table);
      assertThat(link(server.get("/db/t?limit=0&order=id.desc"))).contains(table);
      assertThat(link(server.get("/db/t?_event_time=gte.2026-01-01"))).isEqualTo(table);
      assertThat(link(server.get("/db/t?_event_time=gte.2999-01-01"))).isEqualTo("none");
      assertThat(server.get("/db", "Accept", "application/openapi+json").body())
          .contains("\"externalDocs\":{\"url\":\"" + folder.toUri() + "db/t\"");
    }
  }

  @Test
  void anArchiveThatFailsDropsNothing() throws IOException {
    publish();
    Path noFolder = Files.writeString(folder.resolve("file"), "");
    try (RunningServer server = RunningServer.start(yaml(archive(noFolder)), database, Map.of())) {
      eventually("it is told", () -> server.metric("archive_failures_total", "topic=\"t\"") > 0);
      assertThat(server.get("/health").body()).contains("\"status\":\"warn\"");
    }
    assertThat(database.count("SELECT count(*) FROM t")).isEqualTo(4);
  }

  @Test
  void aCommandDoesTheSameOnce() throws IOException {
    publish();
    String url = RunningServer.url(database, "postgres", "postgres");
    Path file =
        Files.writeString(
            folder.resolve("escala.yaml"), yaml(archive(folder)).replace("${URL}", url));
    String config = "--config=" + file;
    assertThat(CommandRun.of("archive", config, "--dry-run").exitsWith(0))
        .contains("t_p20260301", "t_p20260501", "found");
    assertThat(files(".parquet")).isZero();
    assertThat(CommandRun.of("archive", config, "--topic=t").exitsWith(0))
        .contains("t: 2 partitions are archived and dropped");
    assertThat(files(".parquet")).isEqualTo(2);
    assertThat(database.count("SELECT count(*) FROM t")).isEqualTo(1);
    assertThat(CommandRun.of("archive", config, "--topic=u").exitsWith(2)).contains("no topic u");
  }
}
