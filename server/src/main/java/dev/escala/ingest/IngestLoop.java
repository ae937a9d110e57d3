package dev.escala.ingest;

import dev.escala.model.Backlog;
import dev.escala.model.Message;
import dev.escala.model.Outcome;
import dev.escala.model.ReturnReason;
import dev.escala.observe.HealthProbe;
import dev.escala.observe.Observation.LoopState;
import dev.escala.observe.Observation.MessagesReceived;
import dev.escala.observe.Observation.Phases;
import dev.escala.observe.Observation.TaskFailed;
import dev.escala.observe.Observer;
import dev.escala.source.Delivery;
import dev.escala.source.MemoryGate;
import dev.escala.source.Source;
import dev.escala.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Carries the messages of one source into its table. While all writers are busy deliveries pile up,
 * and go into the next batch together.
 */
public final class IngestLoop implements AutoCloseable {
  private static final Duration WAIT = Duration.ofSeconds(1);

  private final Source source;
  private final Pipeline pipeline;
  private final IngestSettings settings;
  private final MemoryGate decoding;
  private final Observer observer;
  private final Breaker breaker;
  private final IngestHealth health;
  private final Semaphore free;
  private final Thread thread;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean stopping;

  /**
   * A loop that does not run yet.
   *
   * @param decoding shared by all loops of the process
   */
  public IngestLoop(
      Source source,
      Pipeline pipeline,
      IngestSettings settings,
      MemoryGate decoding,
      Observer observer) {
    this.source = source;
    this.pipeline = pipeline;
    this.settings = settings;
    this.decoding = decoding;
    this.observer = observer;
    this.breaker = new Breaker(source, settings.longestBackoff(), observer);
    this.health = new IngestHealth(source, breaker);
    this.free = new Semaphore(settings.batches());
    this.thread = Thread.ofVirtual().name(name()).unstarted(this::run);
  }

  private String name() {
    return "ingest " + source.kind().label() + " " + source.topic();
  }

  /** Begins to receive. */
  public IngestLoop start() {
    thread.start();
    return this;
  }

  /** Whether messages come in and are settled. */
  public HealthProbe health() {
    return health;
  }

  /** How it stands now. */
  public LoopState state() {
    return health.state();
  }

  /** What waits at the origin; asks it, which may take seconds. */
  public Optional<Backlog> measureBacklog() {
    return health.measureBacklog();
  }

  private void run() {
    while (!stopping) {
      try {
        breaker.awaitOpen(pipeline::probe);
        free.acquire();
        boolean started = false;
        try {
          Optional<Batch> batch = gather();
          batch.ifPresent(this::begin);
          started = batch.isPresent();
        } finally {
          if (!started) {
            free.release();
          }
        }
      } catch (InterruptedException interrupted) {
        return;
      } catch (RuntimeException failure) {
        observer.observed(new TaskFailed(name(), failure));
        breaker.failed(unexpected());
      }
    }
  }

  private Optional<Batch> gather() throws InterruptedException {
    Optional<Delivery> next = source.receive(WAIT);
    if (next.isEmpty()) {
      return Optional.empty();
    }
    Batch batch = new Batch();
    while (next.isPresent()) {
      batch.add(next.get());
      boolean othersWrite = free.availablePermits() < settings.batches() - 1;
      next =
          batch.hasRoom(settings)
              ? source.receive(othersWrite ? settings.linger() : Duration.ZERO)
              : Optional.empty();
    }
    return Optional.of(batch);
  }

  private void begin(Batch batch) {
    health.received(batch);
    observer.observed(
        new MessagesReceived(
            source.kind(), source.topic(), batch.messages().size(), batch.bytes()));
    Thread.ofVirtual()
        .name(name() + " batch")
        .start(
            () -> {
              try {
                decoding.pass(batch.weight(), () -> carry(batch));
              } finally {
                health.settled(batch);
                free.release();
              }
            });
  }

  private void carry(Batch batch) {
    try {
      Pipeline.Result result = pipeline.store(batch.messages(), settings.rows());
      breaker.succeeded();
      health.stored(batch);
      settle(batch, result);
    } catch (StoreException failure) {
      breaker.failed(failure);
      giveBack(batch, failure.reason());
    } catch (RuntimeException failure) {
      observer.observed(new TaskFailed(name(), failure));
      breaker.failed(unexpected());
      giveBack(batch, ReturnReason.DATABASE_UNAVAILABLE);
    }
  }

  private static StoreException unexpected() {
    return new StoreException(
        ReturnReason.DATABASE_UNAVAILABLE, "", "failed unexpectedly; see the failure beside this");
  }

  private void giveBack(Batch batch, ReturnReason reason) {
    List<Message> messages = batch.messages();
    Outcome returned = new Outcome.Returned(stopping ? ReturnReason.SHUTDOWN : reason);
    settle(
        batch,
        new Pipeline.Result(
            Collections.nCopies(messages.size(), returned), Duration.ZERO, Duration.ZERO));
  }

  private void settle(Batch batch, Pipeline.Result result) {
    Instant committedAt = Instant.now();
    long started = System.nanoTime();
    try {
      batch.settle(result.outcomes());
    } catch (RuntimeException failure) {
      observer.observed(new TaskFailed(name(), failure));
    }
    Phases phases =
        new Phases(result.decode(), result.write(), Duration.ofNanos(System.nanoTime() - started));
    observer.observed(Settled.of(source, batch, result.outcomes(), phases, committedAt));
  }

  /** Stops intake, settles what is under way within the time for draining, closes the source. */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    stopping = true;
    source.stop();
    breaker.stop();
    long deadline = System.nanoTime() + settings.drain().toNanos();
    try {
      if (thread.isAlive()) {
        thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
      }
      boolean drained =
          free.tryAcquire(
              settings.batches(), Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      if (!drained) {
        observer.observed(
            new TaskFailed(
                name(), new IllegalStateException("not all was settled within the drain time")));
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    source.close();
  }
}
