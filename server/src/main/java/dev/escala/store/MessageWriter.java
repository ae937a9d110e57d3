package dev.escala.store;

import dev.escala.model.Message;
import dev.escala.model.Moment;
import java.util.List;
import java.util.Optional;

/** Writes the messages of one topic. Safe for several threads. */
public interface MessageWriter {

  /**
   * Stores what can be stored now. What was tried has its outcome in the answer: an exception means
   * that nothing was.
   */
  Written write(List<Message> messages);

  /**
   * Returns where messages could be stored now, as far as can be seen without one.
   *
   * @throws StoreException where they could not
   */
  void probe();

  /** Since when messages cannot be written because others keep the table that has to change. */
  Optional<Moment> tableLockedSince();

  /** From now on nothing waits for its table to change: it is returned. */
  void stop();
}
