package dev.escala.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.ScriptedSqs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code escala redrive} with the answers that AWS documents: ElasticMQ forgets what was cancelled,
 * and takes no move back to where messages came from.
 */
@Tag("integration")
class RedriveOfAwsTest {
  private static final String ARN = "arn:aws:sqs:eu-west-1:123456789012:";
  private static final String TASK =
      """
      {"Results":[{%s"Status":"%s","SourceArn":"arn:aws:sqs:eu-west-1:123456789012:flights-dead",\
      "ApproximateNumberOfMessagesMoved":%d,"ApproximateNumberOfMessagesToMove":12,"StartedTimestamp":%d%s}]}\
      """;
  private static final String STARTED = "{\"TaskHandle\":\"h\"}";
  private static final String NONE = "{\"Results\":[]}";

  private final ScriptedSqs sqs = new ScriptedSqs();
  @TempDir private Path folder;

  @BeforeEach
  void configure() {
    sqs.answer(
        "GetQueueAttributes",
        """
        {"Attributes":{"QueueArn":"%1$sflights","ApproximateNumberOfMessages":"12",\
        "RedrivePolicy":"{\\"deadLetterTargetArn\\":\\"%1$sflights-dead\\",\\"maxReceiveCount\\":30}"}}\
        """
            .formatted(ARN));
  }

  @AfterEach
  void close() {
    sqs.close();
  }

  private static String running(int moved, int started) {
    return TASK.formatted("\"TaskHandle\":\"h\",", "RUNNING", moved, started, "");
  }

  private static String over(String status, int moved, int started, String failure) {
    return TASK.formatted("", status, moved, started, failure);
  }

  private String run(int exitCode, String command, String... more) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("escala.yaml"),
            """
            auth: none
            databases: {db: {url: 'postgresql://a:b@localhost:1/c'}}
            topics: {flights: {table: db.flights}}
            sources: [{sqs: {queue: "%1$s/123456789012/flights", topic: flights, endpoint: "%1$s"}}]
            """
                .formatted(sqs.endpoint()));
    List<String> arguments = new ArrayList<>(List.of("redrive", command));
    arguments.addAll(List.of("--config", file.toString()));
    arguments.addAll(List.of(more));
    return CommandRun.of(arguments).exitsWith(exitCode);
  }

  @Test
  void eachGoesBackToWhereItCameFromAndTheEndOfAnEarlierMoveIsNotTakenForIts() throws Exception {
    sqs.answer("StartMessageMoveTask", STARTED);
    String earlier = over("COMPLETED", 3, 1, "");
    sqs.answer("ListMessageMoveTasks", earlier).answer("ListMessageMoveTasks", earlier);
    sqs.answer("ListMessageMoveTasks", earlier).answer("ListMessageMoveTasks", running(5, 2));
    sqs.answer("ListMessageMoveTasks", over("COMPLETED", 12, 2, ""));

    assertThat(run(0, "start", "--rate", "50"))
        .contains("About 12 messages of flights-dead were moved");
    assertThat(sqs.asked())
        .contains(
            "StartMessageMoveTask {\"SourceArn\":\"%sflights-dead\",\"MaxNumberOfMessagesPerSecond\":50}"
                .formatted(ARN));
  }

  @Test
  void aMessageOfUnknownOriginIsSaidWithWhatToDo() throws Exception {
    sqs.answer("StartMessageMoveTask", STARTED);
    sqs.answer("ListMessageMoveTasks", NONE).answer("ListMessageMoveTasks", NONE);
    sqs.answer(
        "ListMessageMoveTasks",
        over("FAILED", 4, 2, ",\"FailureReason\":\"CouldNotDetermineMessageSource\""));

    assertThat(run(1, "start")).contains("4 messages of flights-dead are moved", "--into-queue");
    assertThat(run(0, "status")).contains("failed", "CouldNotDetermineMessageSource");
    assertThat(run(0, "list")).contains("flights-dead").contains("failed");
  }

  @Test
  void oneThatIsCancelledElsewhereIsNoSuccess() throws Exception {
    sqs.answer("StartMessageMoveTask", STARTED);
    sqs.answer("ListMessageMoveTasks", NONE).answer("ListMessageMoveTasks", NONE);
    sqs.answer("ListMessageMoveTasks", over("CANCELLED", 4, 2, ""));

    assertThat(run(1, "start"))
        .contains("The move was cancelled: 4 messages of flights-dead are moved");
  }

  @Test
  void aRightThatIsMissingIsNamed() throws Exception {
    String denied = "User: x is not authorized to perform: sqs:listmessagemovetasks";
    sqs.refuse("ListMessageMoveTasks", "AccessDeniedException", denied);

    assertThat(run(1, "start"))
        .contains("It takes sqs:ListMessageMoveTasks there", "sqs:SendMessage", denied)
        .doesNotContain("\tat ");
    assertThat(run(1, "list")).contains("flights", "It takes sqs:ListMessageMoveTasks there");
  }

  @Test
  void whatSqsDoesNotMoveIsSaid() throws Exception {
    String reason = "Queues of FIFO are not supported";
    sqs.answer("ListMessageMoveTasks", NONE);
    sqs.refuse("StartMessageMoveTask", "UnsupportedOperation", reason);

    assertThat(run(1, "start")).contains("SQS does not move these messages", "FIFO", reason);
  }

  @Test
  void aMoveThatSqsForgetsIsOver() throws Exception {
    sqs.answer("StartMessageMoveTask", STARTED);
    sqs.answer("ListMessageMoveTasks", NONE).answer("ListMessageMoveTasks", NONE);
    sqs.answer("ListMessageMoveTasks", running(5, 2)).answer("ListMessageMoveTasks", NONE);

    assertThat(run(1, "start")).contains("SQS tells of no move any more", "12 messages wait");
  }
}
