package dev.escala.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.PostgresServer.Database;
import dev.escala.testing.StoppablePostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code escala check --live} tells what a standby loses, and whom it cancels. */
@Tag("integration")
class CheckOfReplicationTest {
  @TempDir private Path folder;

  private String check(Database primary, String more, int exitCode) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("escala.yaml"),
            "auth: none\ndatabases: {db: {url: '%s'%s}}\ntopics: {}\n"
                .formatted(RunningServer.url(primary, "postgres", "postgres"), more));
    return CommandRun.of("check", "--live", file.toString()).exitsWith(exitCode);
  }

  @Test
  void standbysAreAdvised() throws Exception {
    try (StoppablePostgres primary = new StoppablePostgres(folder.resolve("primary"))) {
      Database written = primary.database();
      assertThat(check(written, "", 0))
          .contains("ok    replication of db: no standby is connected")
          .doesNotContain("warn");
      written.execute("ALTER ROLE postgres SET synchronous_commit = off");
      assertThat(check(written, "", 0))
          .contains("warn  replication of db: synchronous_commit is off: ")
          .doesNotContain("synchronous_standby_names");
      written.execute("ALTER ROLE postgres SET synchronous_commit = on");
      try (StoppablePostgres standby = primary.replica(folder.resolve("standby"))) {
        Database read = standby.database();
        String at = "localhost:" + read.url().port();
        String url = ", read-url: '" + RunningServer.url(read, "postgres", "postgres") + "'";
        assertThat(check(written, url, 0))
            .contains(
                "warn  replication of db: synchronous_standby_names is empty: ",
                "ok    reads of db at " + at + ": it is a standby",
                "warn  reads of db at " + at + ": hot_standby_feedback is off: ",
                "max_standby_streaming_delay (30s)")
            .doesNotContain("max-lag");
        standby.set("hot_standby_feedback", "on");
        primary.set("synchronous_standby_names", "ANY 1 (*)");
        assertThat(check(written, url + ", max-lag: 5s", 0))
            .contains(
                "ok    replication of db: commits wait for synchronous_standby_names ANY 1 (*)",
                "warn  reads of db at " + at + ": max_standby_streaming_delay is 30s: ",
                "longer than max-lag (5000 ms)")
            .doesNotContain("hot_standby_feedback", "is empty");
        standby.set("max_standby_streaming_delay", "2000");
        assertThat(check(written, url + ", max-lag: 5s", 0)).doesNotContain("warn");
        written.execute("ALTER ROLE postgres SET synchronous_commit = local");
        assertThat(check(written, url, 0))
            .contains("warn  replication of db: synchronous_commit is local: ");
        standby.stop();
        assertThat(check(written, url, 1)).contains("FAIL  reads of db at " + at + ": ");
      }
    }
  }
}
