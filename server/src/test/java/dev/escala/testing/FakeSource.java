package dev.escala.testing;

import dev.escala.model.Message;
import dev.escala.model.Moment;
import dev.escala.model.Origin;
import dev.escala.model.Outcome;
import dev.escala.model.Payload;
import dev.escala.model.SourceKind;
import dev.escala.observe.Observation.SourceFailed;
import dev.escala.observe.Observation.SourceRecovered;
import dev.escala.observe.Observer;
import dev.escala.source.Delivery;
import dev.escala.source.Intake;
import dev.escala.source.Permits;
import dev.escala.source.Settlement;
import dev.escala.source.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A source whose origin is a list in memory: holds to the contract of {@link Source}, and keeps
 * what it was told about each message for tests to look at.
 */
public final class FakeSource implements Source {
  /** The origin: what waits there survives its sources, so that several can share it. */
  public static final class Backlog {
    private final LinkedBlockingDeque<Message> messages = new LinkedBlockingDeque<>();
    private final AtomicInteger ids = new AtomicInteger();
    private volatile boolean away;

    public void publish(String topic, String body) {
      add(topic, "message-" + ids.incrementAndGet(), body);
    }

    /** Publishes under an id of the caller's, which may be one that was there before. */
    public void add(String topic, String id, String body) {
      messages.add(
          new Message(
              topic,
              Payload.utf8(body),
              new Origin(SourceKind.SQS, id, Instant.now(), 1, Map.of())));
    }

    public void away(boolean isAway) {
      away = isAway;
    }

    public int size() {
      return messages.size();
    }
  }

  private static final Duration PAUSE = Duration.ofMillis(1);

  private final String topic;
  private final Backlog backlog;
  private final Permits permits;
  private final Observer observer;
  private final int perDelivery;
  private final Intake<FakeDelivery> intake = new Intake<>();
  private final List<FakeDelivery> unsettled = new CopyOnWriteArrayList<>();
  private final List<Outcome> outcomes = new CopyOnWriteArrayList<>();
  private final Thread taker;
  private volatile @Nullable Moment lastReceive;

  public FakeSource(
      String topic, Backlog backlog, int perDelivery, Permits permits, Observer observer) {
    this.topic = topic;
    this.backlog = backlog;
    this.perDelivery = perDelivery;
    this.permits = permits;
    this.observer = observer;
    this.taker = Thread.ofVirtual().name("fake-source").start(this::takeAll);
  }

  /** Ten messages in a delivery, and room for everything. */
  public FakeSource(String topic, Backlog backlog) {
    this(topic, backlog, 10, new Permits(1_000_000, 1L << 40), ignored -> {});
  }

  /** All outcomes so far, in the order of settling. */
  public List<Outcome> outcomes() {
    return List.copyOf(outcomes);
  }

  private void takeAll() {
    boolean failed = false;
    try {
      while (intake.awaitOpen()) {
        if (backlog.away != failed) {
          failed = backlog.away;
          observer.observed(
              failed
                  ? new SourceFailed(kind(), topic, "the backlog is away")
                  : new SourceRecovered(kind(), topic));
        }
        if (!failed) {
          lastReceive = Moment.now();
        }
        if (failed || !take()) {
          Thread.sleep(PAUSE);
        }
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public Optional<Moment> lastReceive() {
    return Optional.ofNullable(lastReceive);
  }

  @Override
  public Optional<dev.escala.model.Backlog> backlog() {
    return backlog.away
        ? Optional.empty()
        : Optional.of(new dev.escala.model.Backlog(backlog.size(), unsettled.size(), 0, null));
  }

  private boolean take() throws InterruptedException {
    Message head = backlog.messages.peekFirst();
    if (head == null) {
      return false;
    }
    long each = head.payload().length();
    int room = permits.acquireUpTo(perDelivery, each, PAUSE);
    List<Message> messages = new ArrayList<>();
    backlog.messages.drainTo(messages, room);
    FakeDelivery delivery = new FakeDelivery(messages);
    permits.exchange(room, room * each, messages.size(), delivery.bytes());
    if (messages.isEmpty()) {
      return false;
    }
    unsettled.add(delivery);
    if (intake.offer(delivery) != Intake.State.OPEN) {
      delivery.giveBack();
    }
    return true;
  }

  @Override
  public SourceKind kind() {
    return SourceKind.SQS;
  }

  @Override
  public String topic() {
    return topic;
  }

  @Override
  public Optional<Delivery> receive(Duration wait) throws InterruptedException {
    return intake.receive(wait).map(delivery -> delivery);
  }

  @Override
  public void pause() {
    intake.pause().forEach(FakeDelivery::giveBack);
  }

  @Override
  public void resume() {
    intake.resume();
  }

  @Override
  public void stop() {
    intake.stop().forEach(FakeDelivery::giveBack);
  }

  @Override
  public void close() {
    stop();
    taker.interrupt();
    unsettled.forEach(FakeDelivery::giveBack);
  }

  private final class FakeDelivery implements Delivery {
    private final List<Message> messages;
    private final Settlement settlement = new Settlement();

    FakeDelivery(List<Message> messages) {
      this.messages = messages;
    }

    @Override
    public List<Message> messages() {
      return List.copyOf(messages);
    }

    long bytes() {
      return messages.stream().mapToLong(message -> message.payload().length()).sum();
    }

    @Override
    public void settle(List<Outcome> settled) {
      settlement.begin(messages, settled);
      if (!unsettled.remove(this)) {
        return;
      }
      permits.release(messages.size(), bytes());
      outcomes.addAll(settled);
      for (int i = 0; i < settled.size(); i++) {
        if (settled.get(i) instanceof Outcome.Returned) {
          returnToBacklog(messages.get(i));
        }
      }
    }

    void giveBack() {
      if (unsettled.remove(this)) {
        permits.release(messages.size(), bytes());
        messages.forEach(this::returnToBacklog);
      }
    }

    private void returnToBacklog(Message message) {
      Origin origin = message.origin();
      backlog.messages.add(
          new Message(
              message.topic(),
              message.payload(),
              new Origin(
                  origin.source(),
                  origin.messageId(),
                  origin.publishedAt(),
                  origin.attempt() + 1,
                  origin.attributes())));
    }
  }
}
