package dev.escala.source.sqs;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * FIFO groups of one delivery in which a message was returned: those behind it go back as well, for
 * as long, so that none is settled before one that it follows.
 *
 * <p>Only within a delivery: SQS gives nothing of a group of which something is in flight.
 */
final class HeldGroups {
  private final Map<String, Duration> heldFor = new HashMap<>();

  /** A message goes back; asked and told in the order of the delivery. */
  void hold(Lease returned, Duration after) {
    String group = returned.group();
    if (group != null) {
      heldFor.putIfAbsent(group, after);
    }
  }

  /** For how long a message has to go back, whatever became of it; empty where it does not. */
  Optional<Duration> of(Lease lease) {
    return Optional.ofNullable(lease.group()).map(heldFor::get);
  }
}
