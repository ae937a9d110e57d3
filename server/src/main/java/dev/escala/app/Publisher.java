package dev.escala.app;

import java.util.ArrayList;
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

  /**
   * What became of messages.
   *
   * @param accepted those whose fate only the topic's consumer will know
   * @param rejections one sentence each, at most {@link #TOLD} of them
   */
  record Summary(
      long accepted, long stored, long duplicates, long rejected, List<String> rejections) {
    public static final Summary NONE = new Summary(0, 0, 0, 0, List.of());
    private static final int TOLD = 10;

    /** Both together; of the rejections the first few. */
    public Summary plus(Summary other) {
      List<String> told = new ArrayList<>(rejections);
      other.rejections.stream().limit(Math.max(0, TOLD - told.size())).forEach(told::add);
      return new Summary(
          accepted + other.accepted,
          stored + other.stored,
          duplicates + other.duplicates,
          rejected + other.rejected,
          told);
    }

    /** All of them. */
    public long published() {
      return accepted + stored + duplicates + rejected;
    }
  }
}
