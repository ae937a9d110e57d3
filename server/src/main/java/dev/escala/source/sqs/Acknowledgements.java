package dev.escala.source.sqs;

import dev.escala.model.Backoff;
import dev.escala.model.Outcome;
import dev.escala.model.ReturnReason;
import dev.escala.observe.Observer;
import dev.escala.source.Permits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Tells SQS what became of messages, and frees their permits when it has been told. */
final class Acknowledgements implements AutoCloseable {
  /** By how often a message came in vain. */
  private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(2), Duration.ofMinutes(15));

  private final Leases leases;
  private final Deletions deletions;

  Acknowledgements(SqsQueue queue, SqsSettings settings, Permits permits, Observer observer) {
    this.leases = new Leases(queue, settings.topic(), permits, observer).start();
    this.deletions = new Deletions(queue, leases, settings, observer);
  }

  /** For how long what is held is hidden anew: what messages are received with. */
  void hideFor(Duration visibility) {
    leases.hideFor(visibility);
  }

  void hold(List<Lease> received) {
    leases.hold(received);
  }

  /** Leases that are claimed already, by a close in the meantime, are left alone. */
  void settle(List<Lease> received, List<Outcome> outcomes) {
    List<Lease> acknowledged = new ArrayList<>();
    Map<Lease, Duration> returned = new HashMap<>();
    HeldGroups heldBack = new HeldGroups();
    for (int i = 0; i < outcomes.size(); i++) {
      Lease lease = received.get(i);
      Optional<Duration> back = heldBack.of(lease).or(waits(outcomes.get(i), lease));
      back.ifPresent(after -> heldBack.hold(lease, after));
      if (lease.claim()) {
        back.ifPresentOrElse(after -> returned.put(lease, after), () -> acknowledged.add(lease));
      }
    }
    deletions.add(acknowledged);
    leases.giveBack(returned);
  }

  /** How long a message stays hidden that goes back for its own sake. */
  private static Supplier<Optional<Duration>> waits(Outcome outcome, Lease lease) {
    return () ->
        switch (outcome) {
          case Outcome.Stored s -> Optional.empty();
          case Outcome.Duplicate d -> Optional.empty();
          case Outcome.Rejected r -> Optional.empty();
          case Outcome.Returned back -> Optional.of(backoff(back.reason(), lease));
        };
  }

  private static Duration backoff(ReturnReason reason, Lease lease) {
    return reason == ReturnReason.SHUTDOWN ? Duration.ZERO : backoff(lease);
  }

  /** How long a message stays hidden that came in vain. */
  static Duration backoff(Lease lease) {
    return BACKOFF.after(lease.attempt());
  }

  /** Lets others see after a time what was not handed out. */
  void giveBack(Collection<Lease> unused, Duration after) {
    Map<Lease, Duration> afterEach = new HashMap<>();
    unused.forEach(lease -> afterEach.put(lease, after));
    giveBack(afterEach);
  }

  /** Lets others see what was not handed out, each after its time. */
  void giveBack(Map<Lease, Duration> unused) {
    Map<Lease, Duration> claimed = new HashMap<>(unused);
    claimed.keySet().removeIf(lease -> !lease.claim());
    leases.giveBack(claimed);
  }

  /** Finishes the deletions under way; all that is unsettled is others' to see at once. */
  @Override
  public void close() {
    deletions.close();
    Map<Lease, Duration> unsettled = new HashMap<>();
    leases.claimAll().forEach(lease -> unsettled.put(lease, Duration.ZERO));
    leases.giveBack(unsettled);
    leases.close();
  }
}
