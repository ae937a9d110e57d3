package dev.escala.source.http;

import dev.escala.model.Backlog;
import dev.escala.model.Message;
import dev.escala.model.Outcome;
import dev.escala.model.ReturnReason;
import dev.escala.model.SourceKind;
import dev.escala.observe.Observation.TaskFailed;
import dev.escala.observe.Observer;
import dev.escala.source.Delivery;
import dev.escala.source.Intake;
import dev.escala.source.Permits;
import dev.escala.source.Settlement;
import dev.escala.source.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is published to one topic over HTTP: each request is a delivery, and giving it back means to
 * tell its client so. The origin of this source is its clients, so it never fails.
 */
public final class HttpSource implements Source {
  private final String topic;
  private final Permits permits;
  private final Observer observer;
  private final Intake<HttpDelivery> intake = new Intake<>();
  private final Set<HttpDelivery> unsettled = ConcurrentHashMap.newKeySet();
  private final AtomicLong lost = new AtomicLong();
  private volatile @Nullable Instant lastOpen;

  /**
   * Takes what is published to a topic.
   *
   * @param permits shared by all topics, whose clients share the memory of the process
   */
  public HttpSource(String topic, Permits permits, Observer observer) {
    this.topic = topic;
    this.permits = permits;
    this.observer = observer;
  }

  /** Whether a request was taken in. */
  enum Admission {
    ADMITTED,
    NO_ROOM,
    PAUSED,
    STOPPED
  }

  /**
   * The messages of a request, at least one.
   *
   * @param bytes that they keep in memory
   */
  record Request(List<Message> messages, long bytes) {}

  /** Takes a request whose client waits: {@code settled} gets the outcomes, once, on any thread. */
  Admission submit(Request request, Consumer<List<Outcome>> settled) {
    return admit(new HttpDelivery(request, settled, false));
  }

  /** Takes a request whose client goes away: what is given back is kept in memory, and repeated. */
  Admission submit(Request request) {
    return admit(new HttpDelivery(request, ignored -> {}, true));
  }

  private Admission admit(HttpDelivery delivery) {
    Request request = delivery.request;
    if (!permits.tryAcquire(request.messages().size(), request.bytes())) {
      return Admission.NO_ROOM;
    }
    unsettled.add(delivery);
    Intake.State state = intake.offer(delivery);
    if (state != Intake.State.OPEN && unsettled.remove(delivery)) {
      release(request);
    }
    return switch (state) {
      case OPEN -> Admission.ADMITTED;
      case PAUSED -> Admission.PAUSED;
      case STOPPED -> Admission.STOPPED;
    };
  }

  private void release(Request request) {
    permits.release(request.messages().size(), request.bytes());
  }

  @Override
  public SourceKind kind() {
    return SourceKind.HTTP;
  }

  @Override
  public String topic() {
    return topic;
  }

  @Override
  public Optional<Delivery> receive(Duration wait) throws InterruptedException {
    return intake.receive(wait).map(delivery -> delivery);
  }

  /** Clients may come at any time while the source is open. */
  @Override
  public Optional<Instant> lastReceive() {
    if (intake.state() == Intake.State.OPEN) {
      lastOpen = Instant.now();
    }
    return Optional.ofNullable(lastOpen);
  }

  /** What a client did not send yet, only the client knows. */
  @Override
  public Optional<Backlog> backlog() {
    return Optional.empty();
  }

  @Override
  public void pause() {
    intake.pause().forEach(delivery -> delivery.giveBack(ReturnReason.DATABASE_UNAVAILABLE));
  }

  @Override
  public void resume() {
    intake.resume();
  }

  @Override
  public void stop() {
    intake.stop().forEach(delivery -> delivery.giveBack(ReturnReason.SHUTDOWN));
  }

  @Override
  public void close() {
    stop();
    unsettled.forEach(delivery -> delivery.giveBack(ReturnReason.SHUTDOWN));
    long messages = lost.getAndSet(0);
    if (messages > 0) {
      // wait=none promises no more than that; but nobody else would tell.
      observer.observed(
          new TaskFailed(
              "publishing to " + topic,
              new IllegalStateException(
                  messages + " messages were accepted with wait=none and are not stored")));
    }
  }

  /** What nobody waits for is in line again; it is aside while the source is paused. */
  private void offerAgain(HttpDelivery delivery) {
    unsettled.add(delivery);
    if (!intake.keep(delivery) && unsettled.remove(delivery)) {
      lost.addAndGet(delivery.messages().size());
    }
  }

  private final class HttpDelivery implements Delivery {
    private final Request request;
    private final Consumer<List<Outcome>> settled;
    private final boolean repeats;
    private final Settlement settlement = new Settlement();

    HttpDelivery(Request request, Consumer<List<Outcome>> settled, boolean repeats) {
      this.request = request;
      this.settled = settled;
      this.repeats = repeats;
    }

    @Override
    public List<Message> messages() {
      return request.messages();
    }

    @Override
    public void settle(List<Outcome> outcomes) {
      settlement.begin(messages(), outcomes);
      end(outcomes);
    }

    void giveBack(ReturnReason reason) {
      end(Collections.nCopies(messages().size(), new Outcome.Returned(reason)));
    }

    private void end(List<Outcome> outcomes) {
      if (unsettled.remove(this)) {
        List<Message> returned = repeats ? returned(outcomes) : List.of();
        if (returned.isEmpty()) {
          release(request);
        } else {
          permits.exchange(messages().size(), 0, returned.size(), 0);
          offerAgain(new HttpDelivery(new Request(returned, request.bytes()), settled, true));
        }
        settled.accept(outcomes);
      }
    }

    private List<Message> returned(List<Outcome> outcomes) {
      List<Message> returned = new ArrayList<>();
      for (int i = 0; i < outcomes.size(); i++) {
        if (outcomes.get(i) instanceof Outcome.Returned) {
          returned.add(messages().get(i).again());
        }
      }
      return returned;
    }
  }
}
