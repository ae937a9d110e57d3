package dev.escala.source;

import dev.escala.model.Message;
import dev.escala.model.Outcome;
import java.util.List;

/** Messages, and the way to tell their origin what became of them. */
public interface Delivery {

  /** At least one. */
  List<Message> messages();

  /**
   * Settles the delivery, once: the i-th outcome is that of the i-th message. What is stored,
   * duplicate or rejected is acknowledged, what is returned is given back. Troubles of the origin
   * are reported, not thrown: what could not be acknowledged comes again and is a duplicate then.
   */
  void settle(List<Outcome> outcomes);
}
