package dev.escala.source;

import dev.escala.model.Message;
import dev.escala.model.Outcome;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Checks that a delivery is settled once, with one outcome for each of its messages. */
public final class Settlement {
  private final AtomicBoolean settled = new AtomicBoolean();

  /**
   * To be called first by {@link Delivery#settle}.
   *
   * @throws IllegalStateException at the second time
   * @throws IllegalArgumentException if an outcome is missing or there are too many
   */
  public void begin(List<Message> messages, List<Outcome> outcomes) {
    if (outcomes.size() != messages.size()) {
      throw new IllegalArgumentException(
          outcomes.size() + " outcomes for " + messages.size() + " messages");
    }
    if (!settled.compareAndSet(false, true)) {
      throw new IllegalStateException("a delivery is settled once");
    }
  }
}
