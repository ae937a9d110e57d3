package dev.escala.ingest;

import dev.escala.model.Backlog;
import dev.escala.model.LoopState;
import dev.escala.observe.HealthProbe;
import dev.escala.observe.Observation.MessagesReceived;
import dev.escala.observe.Observation.Phases;
import dev.escala.observe.Observation.TaskFailed;
import dev.escala.observe.Observer;
import dev.escala.source.Delivery;
import dev.escala.source.MemoryGate;
import dev.escala.source.Source;
import dev.escala.store.MessageWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Carries the messages of one source into its table. While all writers are busy deliveries pile up,
 * and go into the next batch together.
 */
public final class IngestLoop implements AutoCloseable {
  private static final Duration WAIT = Duration.ofSeconds(1);

  private final Source source;
  private final MessageWriter writer;
  private final IngestSettings settings;
  private final MemoryGate decoding;
  private final Observer observer;
  private final Breaker breaker;
  private final IngestHealth health;
  private final Semaphore free;
  private final Thread thread;
  private final Set<Thread> carriers = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean stopping;

  /**
   * A loop that does not run yet.
   *
   * @param decoding shared by all loops of the process
   */
  public IngestLoop(
      Source source,
      MessageWriter writer,
      IngestSettings settings,
      MemoryGate decoding,
      Observer observer) {
    this.source = source;
    this.writer = writer;
    this.settings = settings;
    this.decoding = decoding;
    this.observer = observer;
    this.breaker = new Breaker(source, settings.longestBackoff(), observer);
    this.health = new IngestHealth(source, breaker, writer::tableLockedSince);
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
        breaker.awaitOpen(writer::probe);
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
        breaker.failed(BatchWriting.unexpected());
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
    Thread carrier = Thread.ofVirtual().name(name() + " batch").unstarted(() -> carry(batch));
    carriers.add(carrier);
    carrier.start();
  }

  private void carry(Batch batch) {
    BatchWriting writing = new BatchWriting(batch, writer, name(), observer);
    try {
      try {
        step(batch, writing, () -> writing.write(settings.rows()));
      } finally {
        // What waits for its table holds up none of the batches behind it.
        free.release();
      }
      while (writing.waits()) {
        step(batch, writing, waited(writing) ? writing::writeNext : writing::giveUp);
      }
    } finally {
      health.settled(batch);
      carriers.remove(Thread.currentThread());
    }
  }

  /** Outside of the gate: who waits for a table does not keep others from the memory. */
  private static boolean waited(BatchWriting writing) {
    try {
      writing.awaitNext();
      return true;
    } catch (InterruptedException hurried) {
      return false;
    }
  }

  /** Writes a part of the batch once there is memory, and settles what is complete by then. */
  private void step(Batch batch, BatchWriting writing, Runnable write) {
    decoding.pass(batch.weight(), () -> written(batch, writing, write));
  }

  private void written(Batch batch, BatchWriting writing, Runnable write) {
    long started = System.nanoTime();
    Duration decoded = writing.decoding();
    write.run();
    writing.failure().ifPresentOrElse(breaker::failed, breaker::succeeded);
    Duration decode = writing.decoding().minus(decoded);
    settle(batch, decode, Duration.ofNanos(System.nanoTime() - started).minus(decode));
  }

  private void settle(Batch batch, Duration decode, Duration write) {
    Instant committedAt = Instant.now();
    long started = System.nanoTime();
    List<Batch.Complete> completed = batch.takeComplete();
    if (completed.isEmpty()) {
      return;
    }
    OutcomeCounts counts = new OutcomeCounts();
    for (Batch.Complete complete : completed) {
      counts.count(complete);
      settle(complete);
    }
    counts.newestKept().ifPresent(health::kept);
    Phases phases = new Phases(decode, write, Duration.ofNanos(System.nanoTime() - started));
    observer.observed(counts.observation(source, phases, committedAt));
  }

  /** A delivery that cannot be settled takes no other along; its messages come again. */
  private void settle(Batch.Complete complete) {
    try {
      complete.delivery().settle(complete.outcomes());
    } catch (RuntimeException failure) {
      observer.observed(new TaskFailed(name(), failure));
    }
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
    writer.stop();
    try {
      if (!drained(System.nanoTime() + settings.drain().toNanos())) {
        observer.observed(
            new TaskFailed(
                name(), new IllegalStateException("not all was settled within the drain time")));
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    source.close();
  }

  /** Waits for the loop, which starts carriers, and for each of them. */
  private boolean drained(long deadline) throws InterruptedException {
    boolean ended = ended(thread, deadline);
    for (Thread carrier : List.copyOf(carriers)) {
      ended &= ended(carrier, deadline);
    }
    return ended;
  }

  private static boolean ended(Thread thread, long deadline) throws InterruptedException {
    return thread.getState() == Thread.State.NEW
        || thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
  }
}
