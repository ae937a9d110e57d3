package dev.escala.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.publish.MessageFile;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code escala backfill}. */
@Tag("integration")
class BackfillCommandTest {
  private final Database database = PostgresServer.newDatabase();
  @TempDir private Path folder;
  private Path configuration;

  @BeforeEach
  void configure() throws IOException {
    String yaml =
        """
        databases: {db: {url: "%s"}}
        topics:
          t: {table: db.t, key: $.id, time: $.at, dedup: key-time, partition: month}
          p: {table: db.p}
        auth: none
        """
            .formatted(RunningServer.url(database, "postgres", "postgres"));
    configuration = Files.writeString(folder.resolve("escala.yaml"), yaml);
  }

  private CommandRun backfill(Object... arguments) {
    List<String> all = new ArrayList<>(List.of("backfill", "--config=" + configuration));
    for (Object argument : arguments) {
      all.add(argument.toString());
    }
    return CommandRun.of(all);
  }

  private Path csv() throws IOException {
    Path file = folder.resolve("t.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      StringBuilder lines = new StringBuilder("id,at,delay\n");
      for (int i = 0; i < 1000; i++) {
        lines.append("f%d,2013-%02d-01T00:00:00Z,%d%n".formatted(i, 1 + i % 12, i % 60));
      }
      out.write(lines.toString().getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }

  @Test
  void aFileIsLoadedAndKnownAgain() throws Exception {
    Path file = csv();
    assertThat(backfill("t", file).exitsWith(0))
        .contains("1,000 loaded: 1,000 stored, 0 duplicates, 0 rejected");
    assertThat(backfill("t", file).exitsWith(0))
        .contains("was loaded before, all 1,000 messages of it; --again");
    assertThat(backfill("t", file, "--again").exitsWith(0))
        .contains("1,000 loaded: 0 stored, 1,000 duplicates, 0 rejected");
    assertThat(database.rows("SELECT count(*), count(DISTINCT tableoid), sum(delay) FROM t"))
        .containsExactly("1000|12|29100");
  }

  @Test
  void parquetIsLoadedToo() throws Exception {
    Path file = folder.resolve("t.parquet");
    try (InputStream fixture =
        Objects.requireNonNull(
            MessageFile.class.getResourceAsStream("/dev/escala/publish/zstd.parquet"))) {
      Files.copy(fixture, file);
    }
    long rows;
    try (MessageFile messages = MessageFile.open(file, new MessageFile.Reading(null, true))) {
      assertThat(messages.share()).isZero();
      for (rows = 0; messages.next().isPresent(); rows++) {
        assertThat(messages.share()).isPositive();
      }
      assertThat(messages.share()).isEqualTo(1);
    }
    assertThat(backfill("p", file).exitsWith(0)).contains("%d stored, 0".formatted(rows));
  }

  @Test
  void whatIsRejectedIsTold() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("t.ndjson"), "{\"id\":1,\"at\":\"2013-01-01T00:00:00Z\"}\n{\"id\":2}\n");
    assertThat(backfill("t", file).exitsWith(1))
        .contains("2 loaded: 1 stored, 0 duplicates, 1 rejected", "message 2: field.missing");
  }

  @Test
  void whatCannotBeMeantIsSaid() throws Exception {
    assertThat(backfill("t", folder.resolve("none")).exitsWith(2)).contains("There is no file");
    Path picture = Files.write(folder.resolve("p"), new byte[] {(byte) 0x89, 'P', 'N', 'G', 0, 1});
    assertThat(backfill("t", picture).exitsWith(2)).contains(picture + " ");
    assertThat(backfill("u", csv()).exitsWith(2)).contains("There is no topic u; there are: ");
  }
}
