package dev.escala.proofs;

import dev.escala.embedded.EmbeddedQueue;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** A queue of numbered messages, such as {@code {"n":5}}. */
record ProofQueue(EmbeddedQueue server, String url) {
  static final int BATCH = 10;

  /** What a killed server held is visible again after so long. */
  private static final String VISIBILITY_SECONDS = "3";

  private static final AtomicInteger QUEUES = new AtomicInteger();

  static ProofQueue create(EmbeddedQueue server) {
    String name = "proof-" + QUEUES.incrementAndGet();
    String url =
        server
            .client()
            .createQueue(
                request ->
                    request
                        .queueName(name)
                        .attributes(
                            Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, VISIBILITY_SECONDS)))
            .queueUrl();
    return new ProofQueue(server, url);
  }

  /** Publishes as many messages as one call takes, the first of them with this number. */
  void publish(int first) {
    var entries =
        IntStream.range(0, BATCH)
            .mapToObj(
                i ->
                    SendMessageBatchRequestEntry.builder()
                        .id(Integer.toString(i))
                        .messageBody("{\"n\":" + (first + i) + ",\"via\":\"sqs\"}")
                        .build())
            .toList();
    var response =
        server.client().sendMessageBatch(request -> request.queueUrl(url).entries(entries));
    if (response.hasFailed()) {
      throw new IllegalStateException(response.failed().getFirst().message());
    }
  }

  /** Publishes the messages with these numbers; both are multiples of {@link #BATCH}. */
  void publish(int from, int to) {
    IntStream.range(from / BATCH, to / BATCH).parallel().forEach(batch -> publish(batch * BATCH));
  }

  /** Messages that nobody has deleted yet, hidden or not. */
  int size() {
    return server
        .client()
        .getQueueAttributes(
            request ->
                request
                    .queueUrl(url)
                    .attributeNames(
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
        .attributes()
        .values()
        .stream()
        .mapToInt(Integer::parseInt)
        .sum();
  }
}
