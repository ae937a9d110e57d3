package dev.escala.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import dev.escala.testing.SqsServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A release is tried on the database that it would serve, and on the way of its messages. */
@Tag("integration")
class SmokeCommandTest {
  private final Database database = PostgresServer.newDatabase();

  @TempDir private Path directory;

  private CommandRun smoke(String expected, String sources) throws IOException {
    Path file = directory.resolve("escala.yaml");
    Files.writeString(
        file,
        """
        http: {host: 127.0.0.1, port: 0}
        admin: {host: 127.0.0.1, port: 0}
        databases: {db: {url: "%s"}}
        canary: {every: 100ms, patience: 2s}
        topics: {flights: {table: db.flights}}
        %s
        """
            .formatted(RunningServer.url(database, "postgres", "postgres"), sources));
    return CommandRun.of(
        "smoke", "--config", file.toString(), "--expect", expected, "--patience", "5");
  }

  @Test
  void aReleaseWhoseMarkersComeBackWorks() throws IOException {
    assertThat(smoke(Build.current().toString(), "").exitsWith(0)).contains(" works");
  }

  @Test
  void anotherBuildThanMeantDoesNot() throws IOException {
    assertThat(smoke("0000000", "").exitsWith(1)).contains("FAILED version: ", "not 0000000");
  }

  /** Nobody takes from the queue, as where the running release does not receive any more. */
  @Test
  void neitherDoesOneWhoseMarkersDoNotArrive() throws IOException {
    String queue =
        "sources: [{sqs: {queue: \"%s\", topic: flights, endpoint: \"%s\", region: us-east-1}}]"
            .formatted(
                SqsServer.shared().newQueue(30).url(), SqsServer.shared().endpoint().toString());

    assertThat(smoke(Build.current().toString(), queue).exitsWith(1))
        .contains("FAILED canary flights");
  }
}
