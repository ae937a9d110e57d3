package dev.escala.proofs;

import dev.escala.testing.SqsServer;
import java.util.stream.IntStream;

/** A queue of numbered messages, such as {@code {"n":5}}. */
record ProofQueue(SqsServer.Queue queue) {
  static final int BATCH = 10;

  /** What a killed server held is visible again after so long. */
  private static final int VISIBILITY_SECONDS = 3;

  static ProofQueue create(SqsServer server) {
    return new ProofQueue(server.newQueue(VISIBILITY_SECONDS));
  }

  String url() {
    return queue.url();
  }

  /** Publishes as many messages as one call takes, the first of them with this number. */
  void publish(int first) {
    queue.sendAll(
        IntStream.range(first, first + BATCH)
            .mapToObj(number -> "{\"n\":" + number + ",\"via\":\"sqs\"}")
            .toList());
  }

  /** Publishes the messages with these numbers; both are multiples of {@link #BATCH}. */
  void publish(int from, int to) {
    IntStream.range(from / BATCH, to / BATCH).parallel().forEach(batch -> publish(batch * BATCH));
  }

  /** Messages that nobody has deleted yet, hidden or not. */
  int size() {
    return queue.size();
  }
}
