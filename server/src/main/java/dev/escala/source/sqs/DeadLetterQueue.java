package dev.escala.source.sqs;

import dev.escala.source.sqs.QueueAttributes.Redrive;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * The queue to which SQS moves what is received too often, and the way back. SQS moves by itself:
 * what is started here goes on without anybody watching.
 */
public final class DeadLetterQueue implements AutoCloseable {
  /** So many messages a second SQS moves at most. */
  public static final int HIGHEST_RATE = 500;

  /** More of its past SQS does not tell. */
  private static final int MOVES_TOLD = 10;

  private final SqsClient client;
  private final Redrive redrive;
  private final String url;
  private final String servedArn;

  private DeadLetterQueue(SqsClient client, Redrive redrive, String url, String servedArn) {
    this.client = client;
    this.redrive = redrive;
    this.url = url;
    this.servedArn = servedArn;
  }

  /**
   * The one that serves a queue; empty where that has no redrive policy.
   *
   * @throws RedriveRefused if the queue does not answer
   */
  public static Optional<DeadLetterQueue> behind(SqsSettings queue) throws RedriveRefused {
    SqsClient client = SqsClients.open(queue, Apache5HttpClient.builder());
    Optional<DeadLetterQueue> found = Optional.empty();
    try {
      Map<QueueAttributeName, String> attributes = attributes(client, queue.queue());
      String arn = attributes.getOrDefault(QueueAttributeName.QUEUE_ARN, "");
      found =
          Redrive.of(attributes)
              .map(to -> new DeadLetterQueue(client, to, to.urlBeside(queue.queue()), arn));
      return found;
    } finally {
      if (found.isEmpty()) {
        client.close();
      }
    }
  }

  private static Map<QueueAttributeName, String> attributes(SqsClient client, String url)
      throws RedriveRefused {
    return asked(
        client,
        url,
        "sqs:GetQueueAttributes",
        sqs ->
            sqs.getQueueAttributes(r -> r.queueUrl(url).attributeNames(QueueAttributeName.ALL))
                .attributes());
  }

  private static <T> T asked(
      SqsClient client, String queue, String action, Function<SqsClient, T> call)
      throws RedriveRefused {
    try {
      return call.apply(client);
    } catch (SdkException failure) {
      throw new RedriveRefused(SqsTrouble.ofMoving(queue, action, failure));
    }
  }

  /** Its name. */
  public String name() {
    return redrive.queue();
  }

  /** How often a message is received before it goes there. */
  public int maxReceiveCount() {
    return redrive.maxReceiveCount();
  }

  /** How many messages wait there, about. */
  public long waiting() throws RedriveRefused {
    return Long.parseLong(
        attributes(client, url)
            .getOrDefault(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES, "0"));
  }

  /** What was moved lately, the latest first; SQS tells of ten at most. */
  public List<Move> moves() throws RedriveRefused {
    return asked(
        client,
        url,
        "sqs:ListMessageMoveTasks",
        sqs ->
            sqs
                .listMessageMoveTasks(
                    r -> r.sourceArn(redrive.deadLetterArn()).maxResults(MOVES_TOLD))
                .results()
                .stream()
                .map(Move::of)
                .toList());
  }

  /** What is being moved, if something is: SQS takes one task at a time. */
  public Optional<Move> underWay() throws RedriveRefused {
    return moves().stream().filter(Move::isUnderWay).findFirst();
  }

  /**
   * Begins to move all messages.
   *
   * @param rate in messages a second, up to {@link #HIGHEST_RATE}; empty: as fast as SQS does
   * @param intoServed all into the queue that this one serves; else each to where it came from
   * @throws RedriveRefused also if others are being moved
   */
  public void start(OptionalInt rate, boolean intoServed) throws RedriveRefused {
    Optional<Move> running = underWay();
    if (running.isPresent()) {
      throw new RedriveRefused(
          "%s: a move is %s already, with %,d of %,d messages moved. SQS takes one at a time: wait, or cancel it."
              .formatted(
                  name(), running.get().status(), running.get().moved(), running.get().all()));
    }
    @Nullable Integer perSecond = rate.isPresent() ? rate.getAsInt() : null;
    asked(
        client,
        url,
        "sqs:StartMessageMoveTask",
        sqs ->
            sqs.startMessageMoveTask(
                r ->
                    r.sourceArn(redrive.deadLetterArn())
                        .destinationArn(intoServed ? servedArn : null)
                        .maxNumberOfMessagesPerSecond(perSecond)));
  }

  /**
   * Ends what is being moved; what is moved already stays where it is.
   *
   * @return how many are moved, about
   * @throws RedriveRefused also if nothing is being moved
   */
  public long cancel() throws RedriveRefused {
    String handle = underWay().map(Move::handle).orElse(null);
    if (handle == null) {
      throw new RedriveRefused(name() + ": nothing is being moved that could be cancelled.");
    }
    Long moved =
        asked(
            client,
            url,
            "sqs:CancelMessageMoveTask",
            sqs ->
                sqs.cancelMessageMoveTask(r -> r.taskHandle(handle))
                    .approximateNumberOfMessagesMoved());
    return moved == null ? 0 : moved;
  }

  @Override
  public void close() {
    client.close();
  }
}
