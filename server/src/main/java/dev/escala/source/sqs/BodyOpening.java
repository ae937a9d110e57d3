package dev.escala.source.sqs;

import dev.escala.model.Message;
import dev.escala.observe.Observation.TaskFailed;
import dev.escala.observe.Observer;
import dev.escala.source.sqs.S3Bodies.Opened;
import dev.escala.source.sqs.SqsDelivery.Received;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gives the messages of a poll their bodies; those whose body cannot be had now go back. */
final class BodyOpening implements AutoCloseable {
  /** Until then something is settled, and the next poll asks for fewer. */
  private static final Duration UNTIL_ROOM = Duration.ofSeconds(1);

  private final S3Bodies bodies;
  private final Observer observer;

  /**
   * What became of the messages of a poll.
   *
   * @param returned for how long each of those stays hidden that go back
   */
  record Bodies(List<Received> ready, Map<Lease, Duration> returned) {
    static final Bodies NONE = new Bodies(List.of(), Map.of());

    int messages() {
      return ready.size() + returned.size();
    }

    long bytes() {
      return ready.stream().mapToLong(one -> one.lease().bytes()).sum()
          + returned.keySet().stream().mapToLong(Lease::bytes).sum();
    }
  }

  BodyOpening(SqsSettings settings, Observer observer) {
    this.bodies = S3Bodies.open(settings, observer);
    this.observer = observer;
  }

  /** In their order. While S3 is away it is asked for one of them only. */
  Bodies open(List<Received> received, PollRoom room) {
    List<Received> ready = new ArrayList<>();
    Map<Lease, Duration> returned = new HashMap<>();
    HeldGroups heldBack = new HeldGroups();
    boolean away = false;
    for (Received one : received) {
      Lease lease = one.lease();
      Optional<Duration> back = heldBack.of(lease);
      if (back.isEmpty()) {
        Opened opened = away ? S3Bodies.unasked(one.message()) : opened(one.message(), room);
        away |= opened instanceof Opened.Away;
        back = back(opened, lease);
        if (opened instanceof Opened.Ready(var message)) {
          lease.resize(message.payload().length());
          ready.add(new Received(message, lease));
        }
      }
      back.ifPresent(
          after -> {
            heldBack.hold(lease, after);
            returned.put(lease, after);
          });
    }
    return new Bodies(ready, returned);
  }

  private Opened opened(Message message, PollRoom room) {
    if (S3Pointer.in(message).isEmpty()) {
      room.hold(message.payload().length());
    }
    try {
      return bodies.opened(message, room::tryHold);
    } catch (RuntimeException bug) {
      // What is held already must not stay hidden for the sake of one body.
      observer.observed(new TaskFailed("bodies of " + message.topic(), bug));
      return new Opened.Away();
    }
  }

  private static Optional<Duration> back(Opened opened, Lease lease) {
    return switch (opened) {
      case Opened.Ready _ -> Optional.empty();
      case Opened.NoRoom() -> Optional.of(UNTIL_ROOM);
      case Opened.Away() -> Optional.of(Acknowledgements.backoff(lease));
    };
  }

  @Override
  public void close() {
    bodies.close();
  }
}
