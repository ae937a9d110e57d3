package dev.escala.source.sqs;

import dev.escala.model.Backlog;
import dev.escala.model.Message;
import dev.escala.model.Moment;
import dev.escala.model.SourceKind;
import dev.escala.observe.Observation.TaskFailed;
import dev.escala.observe.Observer;
import dev.escala.source.Delivery;
import dev.escala.source.Intake;
import dev.escala.source.Permits;
import dev.escala.source.Source;
import dev.escala.source.sqs.BodyOpening.Bodies;
import dev.escala.source.sqs.Pollers.PollResult;
import dev.escala.source.sqs.SqsDelivery.Received;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Messages of one queue: polled by several threads, hidden from others until they are settled,
 * deleted after that in full batches.
 */
public final class SqsSource implements Source {
  /** Leaves time to renew, where a queue is configured to hide for less. */
  private static final Duration SHORTEST_VISIBILITY = Duration.ofSeconds(2);

  private static final Duration EXTRA_WAIT = Duration.ofSeconds(1);
  private static final Duration PERMIT_WAIT = Duration.ofMillis(500);
  private static final Duration POLL_PATIENCE = Duration.ofSeconds(2);
  private static final int LARGEST_MESSAGE = 1 << 20;
  private static final Duration ATTRIBUTES_FRESH = Duration.ofMinutes(5);

  private final SqsSettings settings;
  private final SqsQueue queue;
  private final Observer observer;
  private final Permits permits;
  private final SqsMessageReader reader;
  private final Intake<SqsDelivery> intake = new Intake<>();

  /** Given back when the last poll has ended, which might take it again otherwise. */
  private final Queue<SqsDelivery> leftOver = new ConcurrentLinkedQueue<>();

  private final BodyOpening bodies;
  private final Acknowledgements acknowledgements;
  private final Pollers pollers;
  private final OriginWatch origin;
  private final QueueWatch watch;
  private final QueueDepth depth;

  /** How large a message may be, going by the latest ones: room is reserved before a poll. */
  private final AtomicLong expectedBytes = new AtomicLong(LARGEST_MESSAGE);

  private final AtomicBoolean closed = new AtomicBoolean();

  SqsSource(SqsSettings settings, SqsQueue queue, QueueWatch watch, Observer observer) {
    this.settings = settings;
    this.queue = queue;
    this.observer = observer;
    this.permits = new Permits(settings.permits().messages(), settings.permits().bytes());
    this.origin = new OriginWatch(settings, observer);
    this.watch = watch;
    this.depth = new QueueDepth(queue, settings.topic(), observer);
    this.reader = new SqsMessageReader(settings.topic(), settings.format());
    this.bodies = new BodyOpening(settings, observer);
    this.acknowledgements = new Acknowledgements(queue, settings, permits, observer);
    this.pollers = new Pollers(settings.polling(), intake, new Polls());
  }

  /**
   * Opens the queue and begins to poll; a queue that does not answer is reported and retried.
   *
   * @param longestWrite how long a batch may be gathered and written
   */
  public static SqsSource open(SqsSettings settings, Duration longestWrite, Observer observer) {
    SqsQueue queue = SqsQueue.open(settings);
    QueueWatch watch = new QueueWatch(queue, settings, longestWrite, ATTRIBUTES_FRESH, observer);
    return new SqsSource(settings, queue, watch, observer).start();
  }

  SqsSource start() {
    pollers.start();
    return this;
  }

  int pollersRunning() {
    return pollers.running();
  }

  @Override
  public SourceKind kind() {
    return SourceKind.SQS;
  }

  @Override
  public String topic() {
    return settings.topic();
  }

  @Override
  public Optional<Delivery> receive(Duration wait) throws InterruptedException {
    return intake.receive(wait).map(delivery -> delivery);
  }

  @Override
  public Optional<Moment> lastReceive() {
    return origin.lastAnswer();
  }

  @Override
  public Optional<Backlog> backlog() {
    return depth.look();
  }

  private PollResult poll(boolean extra) throws InterruptedException {
    Optional<PollRoom> reserved = PollRoom.reserve(permits, expectedBytes.get(), PERMIT_WAIT);
    if (reserved.isEmpty()) {
      return PollResult.SOME;
    }
    PollRoom room = reserved.get();
    Bodies came = Bodies.NONE;
    try {
      came = receive(room, extra);
    } catch (SdkException failure) {
      pauseAfter(failure);
    } finally {
      room.exchange(came.messages(), came.bytes());
    }
    acknowledgements.giveBack(came.returned());
    if (!came.ready().isEmpty()) {
      offer(new SqsDelivery(came.ready(), acknowledgements));
    }
    return switch (came.messages()) {
      case 0 -> PollResult.NOTHING;
      case SqsQueue.MAX_BATCH -> PollResult.FULL;
      default -> PollResult.SOME;
    };
  }

  private Bodies receive(PollRoom room, boolean extra) {
    Duration hidden = visibility();
    Duration wait = settings.polling().longPoll();
    boolean brief = extra && wait.compareTo(EXTRA_WAIT) > 0;
    List<Received> received =
        queue.receive(room.messages(), brief ? EXTRA_WAIT : wait, hidden).stream()
            .map(message -> received(message, hidden))
            .toList();
    origin.answered();
    acknowledgements.hold(received.stream().map(Received::lease).toList());
    Bodies came = bodies.open(received, room);
    expectedBytes.updateAndGet(expected -> Math.max(room.largest(), Math.max(1, expected * 3 / 4)));
    return came;
  }

  private Received received(
      software.amazon.awssdk.services.sqs.model.Message message, Duration hidden) {
    Message read = reader.read(message);
    return new Received(read, new Lease(message, read.payload().length(), hidden));
  }

  /** Named in every poll, so that what is known here is what is so. */
  private Duration visibility() {
    Duration configured = watch.look().visibility();
    Duration hidden =
        configured.compareTo(SHORTEST_VISIBILITY) < 0 ? SHORTEST_VISIBILITY : configured;
    acknowledgements.hideFor(hidden);
    return hidden;
  }

  private void pauseAfter(SdkException failure) throws InterruptedException {
    if (intake.state() != Intake.State.STOPPED) {
      Thread.sleep(origin.failed(failure));
    }
  }

  private void offer(SqsDelivery delivery) {
    switch (intake.offer(delivery)) {
      case OPEN -> {}
      case PAUSED -> giveBack(List.of(delivery), whilePollsLast());
      case STOPPED -> leftOver.add(delivery);
    }
  }

  @Override
  public void pause() {
    giveBack(intake.pause(), whilePollsLast());
  }

  /** Until then a poll under way would only take what is given back. */
  private Duration whilePollsLast() {
    return settings.polling().longPoll().plusSeconds(1);
  }

  @Override
  public void resume() {
    intake.resume();
  }

  @Override
  public void stop() {
    leftOver.addAll(intake.stop());
    if (pollers.ended()) {
      giveBackLeftOver();
    }
  }

  private void giveBackLeftOver() {
    List<SqsDelivery> deliveries = List.copyOf(leftOver);
    leftOver.removeAll(deliveries);
    giveBack(deliveries, Duration.ZERO);
  }

  private void giveBack(List<SqsDelivery> deliveries, Duration after) {
    acknowledgements.giveBack(
        deliveries.stream().flatMap(delivery -> delivery.leases().stream()).toList(), after);
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    stop();
    try {
      pollers.awaitEnd(POLL_PATIENCE);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
    acknowledgements.close();
    bodies.close();
    queue.close();
  }

  private final class Polls implements Pollers.Work {
    @Override
    public PollResult poll(boolean extra) throws InterruptedException {
      return SqsSource.this.poll(extra);
    }

    @Override
    public void failed(RuntimeException bug) {
      observer.observed(new TaskFailed("polls of " + topic(), bug));
    }

    @Override
    public void ended() {
      giveBackLeftOver();
    }
  }
}
