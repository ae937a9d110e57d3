package dev.escala.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.SqsServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code escala redrive} moves the dead letters of SQS back. */
@Tag("integration")
class RedriveCommandTest {
  private final SqsServer.Queue queue = SqsServer.shared().newQueue(30);
  private final SqsServer.Queue dead = SqsServer.shared().newQueue(30);
  @TempDir private Path folder;

  private static String name(SqsServer.Queue queue) {
    return queue.url().substring(queue.url().lastIndexOf('/') + 1);
  }

  private String run(int exitCode, List<SqsServer.Queue> queues, String command, String... more)
      throws Exception {
    StringBuilder yaml = new StringBuilder();
    yaml.append("auth: none\ndatabases: {db: {url: 'postgresql://a:b@localhost:1/c'}}\n");
    yaml.append("topics: {flights: {table: db.flights}}\nsources:\n");
    for (SqsServer.Queue read : queues) {
      yaml.append(
          "  - sqs: {queue: '%s', topic: flights, endpoint: '%s'}\n"
              .formatted(read.url(), SqsServer.shared().endpoint()));
    }
    Path file = Files.writeString(folder.resolve("escala.yaml"), yaml);
    List<String> arguments = new ArrayList<>(List.of("redrive", command));
    arguments.addAll(List.of("--config", file.toString()));
    arguments.addAll(List.of(more));
    return CommandRun.of(arguments).exitsWith(exitCode);
  }

  @Test
  void theDeadLetterQueuesAreListedWithWhatWaits() throws Exception {
    queue.redriveTo(dead, 20);
    dead.sendAll(List.of("1", "2", "3"));
    SqsServer.Queue plain = SqsServer.shared().newQueue(30);
    String listed = run(0, List.of(queue, plain), "list");

    assertThat(listed.lines())
        .anySatisfy(
            line ->
                assertThat(line)
                    .matches(
                        " flights +\\| +"
                            + name(queue)
                            + " +\\| "
                            + name(dead)
                            + " +\\| +20 \\| +3 \\|.*"))
        .anySatisfy(line -> assertThat(line).contains(name(plain), "none (no redrive policy)"));
  }

  @Test
  void allGoIntoTheQueueAndAreWatched() throws Exception {
    queue.redriveTo(dead, 20);
    dead.sendAll(IntStream.range(0, 12).mapToObj(Integer::toString).toList());
    assertThat(run(0, List.of(queue), "start", "--into-queue"))
        .contains("About 12 messages of " + name(dead) + " were moved");
    assertThat(dead.size()).isZero();
    assertThat(queue.size()).isEqualTo(12);
    assertThat(run(0, List.of(queue), "start")).contains("Nothing waits in " + name(dead));
  }

  @Test
  void oneIsMovedAtATimeAndCanBeCancelled() throws Exception {
    queue.redriveTo(dead, 20);
    dead.sendAll(IntStream.range(0, 60).mapToObj(Integer::toString).toList());
    List<SqsServer.Queue> queues = List.of(queue);
    assertThat(run(0, queues, "start", "--rate", "1", "--into-queue", "--no-wait", name(queue)))
        .contains("About 60 messages of " + name(dead) + " are being moved");
    assertThat(run(0, queues, "status")).contains("running");
    assertThat(run(1, queues, "start"))
        .contains(name(dead) + ": a move is running already", "wait, or cancel it");
    assertThat(run(0, queues, "cancel", "flights")).contains("Cancelled, with about");
    assertThat(run(0, queues, "status")).doesNotContain("running");
    assertThat(run(1, queues, "cancel")).contains("nothing is being moved");
    assertThat(dead.size()).isPositive();
  }

  @Test
  void whatCannotBeMeantIsSaid() throws Exception {
    SqsServer.Queue other = SqsServer.shared().newQueue(30);
    assertThat(run(1, List.of(queue), "start"))
        .contains(name(queue) + " has no redrive policy", "escala dead-letters list");
    assertThat(run(2, List.of(queue, other), "start"))
        .contains("Which queue? There are: " + name(queue) + ", " + name(other));
    assertThat(run(2, List.of(queue, other), "start", "flights"))
        .contains("flights has several queues");
    assertThat(run(2, List.of(queue), "status", "nobody")).contains("There is no queue nobody");
    assertThat(run(2, List.of(queue), "start", "--rate", "501")).contains("--rate is 1 to 500");
    assertThat(run(2, List.of(), "list")).contains("No queue is configured");
  }
}
