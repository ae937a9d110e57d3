package dev.escala.source.sqs;

import dev.escala.model.Message;
import dev.escala.model.Outcome;
import dev.escala.source.Delivery;
import dev.escala.source.Settlement;
import java.util.List;

/** What one poll brought. */
final class SqsDelivery implements Delivery {
  private final List<Received> received;
  private final List<Message> messages;
  private final Acknowledgements acknowledgements;
  private final Settlement settlement = new Settlement();

  /** A message, and the lease that comes with it. */
  record Received(Message message, Lease lease) {}

  SqsDelivery(List<Received> received, Acknowledgements acknowledgements) {
    this.received = received;
    this.messages = received.stream().map(Received::message).toList();
    this.acknowledgements = acknowledgements;
  }

  List<Lease> leases() {
    return received.stream().map(Received::lease).toList();
  }

  @Override
  public List<Message> messages() {
    return messages;
  }

  @Override
  public void settle(List<Outcome> outcomes) {
    settlement.begin(messages, outcomes);
    acknowledgements.settle(leases(), outcomes);
  }
}
