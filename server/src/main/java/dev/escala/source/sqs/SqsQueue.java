package dev.escala.source.sqs;

import dev.escala.source.sqs.QueueAttributes.Redrive;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** One queue of SQS: its calls, with what may fail in each told apart. */
final class SqsQueue implements AutoCloseable {
  /** The most messages in one call. */
  static final int MAX_BATCH = 10;

  /** How many calls change visibilities at a time, beside those of the pollers. */
  static final int VISIBILITY_CALLERS = 4;

  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

  private final SqsClient client;
  private final String url;

  /** A change of visibility: of which handle, and for how long from now, up to 12 hours. */
  record Visibility(String handle, Duration timeout) {}

  /**
   * An entry of a batch that SQS did not take.
   *
   * @param position of the entry, from 0
   * @param retryable whether the same may succeed later
   */
  record Failure(int position, String code, boolean retryable) {}

  SqsQueue(SqsClient client, String url) {
    this.client = client;
    this.url = url;
  }

  /** A queue with a client of its own, wide enough for all its threads. */
  static SqsQueue open(SqsSettings settings) {
    Apache5HttpClient.Builder http =
        Apache5HttpClient.builder()
            .maxConnections(2 * settings.polling().maxPollers() + 2 * VISIBILITY_CALLERS)
            .socketTimeout(settings.polling().longPoll().plus(ANSWER_LIMIT));
    return new SqsQueue(SqsClients.open(settings, http), settings.queue());
  }

  /** How the queue is set up. Asks for all: the name of one that its kind lacks is refused. */
  QueueAttributes attributes() {
    return QueueAttributes.of(attributes(url, QueueAttributeName.ALL));
  }

  /**
   * How many messages the queue holds.
   *
   * @param redrive where SQS moves what is received too often; null: nowhere
   */
  record Depth(long visible, long inFlight, long delayed, @Nullable Redrive redrive) {}

  Depth depth() {
    Map<QueueAttributeName, String> attributes =
        attributes(
            url,
            QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
            QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
            QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED,
            QueueAttributeName.REDRIVE_POLICY);
    return new Depth(
        number(attributes, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES),
        number(attributes, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE),
        number(attributes, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED),
        Redrive.of(attributes).orElse(null));
  }

  /** Messages in the dead-letter queue. */
  long deadLetters(Redrive redrive) {
    QueueAttributeName visible = QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES;
    return number(attributes(redrive.urlBeside(url), visible), visible);
  }

  private Map<QueueAttributeName, String> attributes(String of, QueueAttributeName... names) {
    return client
        .getQueueAttributes(request -> request.queueUrl(of).attributeNames(names))
        .attributes();
  }

  private static long number(Map<QueueAttributeName, String> attributes, QueueAttributeName name) {
    return Long.parseLong(attributes.getOrDefault(name, "0"));
  }

  /** Sends one message; in a FIFO queue under an id that is never used again. */
  void send(String body) {
    boolean fifo = url.endsWith(".fifo");
    client.sendMessage(
        request -> {
          request.queueUrl(url).messageBody(body);
          if (fifo) {
            request.messageGroupId("escala").messageDeduplicationId(UUID.randomUUID().toString());
          }
        });
  }

  /** Up to so many messages, with all their attributes; hidden from others for {@code hidden}. */
  List<Message> receive(int most, Duration wait, Duration hidden) {
    return client
        .receiveMessage(
            request ->
                request
                    .queueUrl(url)
                    .maxNumberOfMessages(most)
                    .waitTimeSeconds(Math.toIntExact(wait.toSeconds()))
                    .visibilityTimeout(Math.toIntExact(hidden.toSeconds()))
                    .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
                    .messageAttributeNames("All"))
        .messages();
  }

  /** Deletes up to {@link #MAX_BATCH}; never throws on account of SQS. */
  List<Failure> delete(List<String> handles) {
    List<DeleteMessageBatchRequestEntry> entries =
        IntStream.range(0, handles.size())
            .mapToObj(
                i ->
                    DeleteMessageBatchRequestEntry.builder()
                        .id(Integer.toString(i))
                        .receiptHandle(handles.get(i))
                        .build())
            .toList();
    return attempt(
        entries.size(),
        () -> client.deleteMessageBatch(r -> r.queueUrl(url).entries(entries)).failed());
  }

  /** Changes up to {@link #MAX_BATCH}; never throws on account of SQS. */
  List<Failure> changeVisibility(List<Visibility> changes) {
    List<ChangeMessageVisibilityBatchRequestEntry> entries =
        IntStream.range(0, changes.size())
            .mapToObj(
                i ->
                    ChangeMessageVisibilityBatchRequestEntry.builder()
                        .id(Integer.toString(i))
                        .receiptHandle(changes.get(i).handle())
                        .visibilityTimeout(Math.toIntExact(changes.get(i).timeout().toSeconds()))
                        .build())
            .toList();
    return attempt(
        entries.size(),
        () -> client.changeMessageVisibilityBatch(r -> r.queueUrl(url).entries(entries)).failed());
  }

  private static List<Failure> attempt(int size, Supplier<List<BatchResultErrorEntry>> call) {
    try {
      return call.get().stream()
          .map(f -> new Failure(Integer.parseInt(f.id()), f.code(), !f.senderFault()))
          .toList();
    } catch (SdkException failure) {
      boolean retryable =
          !(failure instanceof AwsServiceException answer)
              || answer.statusCode() >= 500
              || answer.isThrottlingException();
      String code = SqsTrouble.code(failure);
      return IntStream.range(0, size).mapToObj(i -> new Failure(i, code, retryable)).toList();
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
