package dev.escala.app;

import dev.escala.publish.Summary;
import java.util.List;

/** Publishes batches of JSON texts to a topic. */
public interface Publisher extends AutoCloseable {

  /** The most messages that one batch may have. */
  int batchSize();

  /** The most octets that one batch may have, unless a single message is larger. */
  int batchBytes();

  /** The most octets that a message may have. */
  int messageBytes();

  /**
   * Publishes a batch, and says what became of it.
   *
   * @param before how many messages stand before it in its file
   * @throws CommandFailed if it could not be published
   */
  Summary publish(List<String> messages, long before) throws CommandFailed, InterruptedException;

  @Override
  void close();
}
