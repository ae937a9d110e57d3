package dev.escala.canary;

import dev.escala.model.Backlog;
import java.util.Optional;

/** Where the messages of a topic come from, seen from the side of those who publish them. */
public interface CanaryTarget extends AutoCloseable {

  /**
   * Publishes a message; returns when the target has it.
   *
   * @throws PublishRefused where it does not take it, or does not answer
   */
  void publish(String text) throws PublishRefused;

  /**
   * What is still on its way to the topic's loop; empty where that cannot be known now.
   *
   * <p>A target that has stored what it took has nothing on the way.
   */
  Optional<Backlog> backlog();

  @Override
  void close();

  /** A message was not published; the sentence says why, and what to do. */
  final class PublishRefused extends Exception {
    private static final long serialVersionUID = 1L;

    public PublishRefused(String sentence) {
      super(sentence, null, false, false);
    }

    public String sentence() {
      return String.valueOf(getMessage());
    }
  }
}
