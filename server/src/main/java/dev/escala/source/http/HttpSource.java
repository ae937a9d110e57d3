package dev.escala.source.http;

import dev.escala.http.connection.Client;
import dev.escala.http.connection.Pace;
import dev.escala.model.Backlog;
import dev.escala.model.Message;
import dev.escala.model.Moment;
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
  private static final Duration UNUSED = Duration.ofMinutes(1);

  /** What is published waits no longer than this for what was published before, about. */
  private static final Duration IN_LINE = Duration.ofMillis(500);

  /** So much may always wait: the bursts of some clients. */
  private static final long ALWAYS = 8 << 20;

  /** So much may wait while nobody knows how long. */
  private static final long AT_FIRST = 2 * ALWAYS;

  private final String topic;
  private final Permits permits;
  private final Observer observer;
  private final Intake<HttpDelivery> intake = new Intake<>();
  private final Pace pace = new Pace(new Pace.Bounds(ALWAYS, AT_FIRST, IN_LINE));
  private final Set<HttpDelivery> unsettled = ConcurrentHashMap.newKeySet();
  private final AtomicLong lost = new AtomicLong();
  private volatile @Nullable Moment lastOpen;
  private volatile Moment lastUsed = Moment.now();
  private volatile boolean keeps;

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
   * @param client who sent it
   * @param bytes that they keep in memory
   */
  record Request(Client client, List<Message> messages, long bytes) {
    Request with(List<Message> others) {
      return new Request(client, others, bytes);
    }
  }

  /**
   * What would become of a request with at least one message and so many bytes, of which only the
   * head has come: also whether it would wait too long behind others.
   */
  Admission foresee(Client client, long leastBytes) {
    Admission admission = foresee(leastBytes);
    return admission == Admission.ADMITTED && !pace.hasRoom(client, leastBytes)
        ? Admission.NO_ROOM
        : admission;
  }

  /**
   * What would become of a request with at least one message and so many bytes, so that no work is
   * done for what is refused. That the source has stopped only who submits learns.
   */
  Admission foresee(long leastBytes) {
    if (intake.state() == Intake.State.PAUSED) {
      return Admission.PAUSED;
    }
    return permits.hasRoom(1, leastBytes) ? Admission.ADMITTED : Admission.NO_ROOM;
  }

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
    pace.begin(request.client(), request.bytes());
    unsettled.add(delivery);
    lastUsed = Moment.now();
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

  /**
   * Whether nothing came for so long, and nothing is under way; for a minute is enough where
   * nothing that ever came was kept as a row.
   */
  public boolean isIdle(Duration longest) {
    Duration enough = keeps || longest.compareTo(UNUSED) < 0 ? longest : UNUSED;
    return unsettled.isEmpty() && lastUsed.age().compareTo(enough) > 0;
  }

  /** When something was last published. */
  public Moment lastUsed() {
    return lastUsed;
  }

  private void release(Request request) {
    permits.release(request.messages().size(), request.bytes());
    pace.end(request.client(), request.bytes());
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
  public Optional<Moment> lastReceive() {
    if (intake.state() == Intake.State.OPEN) {
      lastOpen = Moment.now();
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
        keeps |= outcomes.contains(Outcome.STORED) || outcomes.contains(Outcome.DUPLICATE);
        List<Message> returned = repeats ? returned(outcomes) : List.of();
        if (returned.isEmpty()) {
          release(request);
        } else {
          permits.exchange(messages().size(), 0, returned.size(), 0);
          offerAgain(new HttpDelivery(request.with(returned), settled, true));
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
