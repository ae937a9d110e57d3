package dev.escala.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import dev.escala.testing.SqsServer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code escala check --live} says how the queues are set up, and what in it does harm. */
@Tag("integration")
class CheckOfQueuesTest {
  private final Database database = PostgresServer.newDatabase();
  @TempDir private Path folder;

  private String check(String queue, int exitCode) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("escala.yaml"),
            """
            auth: none
            databases: {db: {url: "%s"}}
            topics: {departures: {table: db.departures}}
            sources: [{sqs: {queue: "%s", topic: departures, endpoint: "%s"}}]
            """
                .formatted(
                    RunningServer.url(database, "postgres", "postgres"),
                    queue,
                    SqsServer.shared().endpoint()));
    return CommandRun.of("check", "--live", file.toString()).exitsWith(exitCode);
  }

  @Test
  void aDoubtIsToldWithWhatToDoAndDoesNotFail() throws Exception {
    SqsServer.Queue queue = SqsServer.shared().newQueue(30);
    queue.redriveTo(SqsServer.shared().newQueue(30), 1);
    assertThat(check(queue.url(), 0))
        .contains(
            "ok    queue " + queue.url() + ": standard, hides for 30s, keeps for 4d, to test-")
        .contains("warn  queue " + queue.url() + ": Messages go to test-")
        .contains("Set maxReceiveCount to 20 or more")
        .contains("and a batch may take 61s (linger and statement-timeout)");
  }

  @Test
  void aQueueThatIsWellHasNoWarning() throws Exception {
    SqsServer.Queue queue = SqsServer.shared().newQueue(120);
    assertThat(check(queue.url(), 0)).contains("no redrive policy").doesNotContain("warn  queue");
  }

  @Test
  void aQueueThatIsNotThereFails() throws Exception {
    String missing = SqsServer.shared().newQueue(30).url() + "-missing";
    assertThat(check(missing, 1))
        .contains("FAIL  queue " + missing + ": " + missing + " does not exist.");
  }
}
