package dev.escala.source.sqs;

import dev.escala.observe.Observation.TaskFailed;
import dev.escala.observe.Observation.VisibilityExtended;
import dev.escala.observe.Observer;
import dev.escala.source.Permits;
import dev.escala.source.sqs.SqsQueue.Failure;
import dev.escala.source.sqs.SqsQueue.Visibility;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * All leases that are held: renewed at half of the visibility timeout, whether the message was
 * handed out or not, and given back with a visibility of their own.
 */
final class Leases implements AutoCloseable {
  /** SQS hides a message for 12 hours at most, counted from when it was received. */
  private static final Duration LONGEST = Duration.ofHours(12);

  /** Often enough for the shortest visibility, and for a queue whose visibility was changed. */
  private static final Duration LOOK = Duration.ofMillis(250);

  private final SqsQueue queue;
  private final String topic;
  private final Permits permits;
  private final Observer observer;
  private final Set<Lease> held = ConcurrentHashMap.newKeySet();
  private final Map<String, String> latestHandles = new ConcurrentHashMap<>();
  private final ExecutorService callers =
      Executors.newFixedThreadPool(
          SqsQueue.VISIBILITY_CALLERS, Thread.ofVirtual().name("sqs-visibility-", 0).factory());

  /** Renewals share it; giving back waits for them, lest a late one hide the message again. */
  private final ReadWriteLock renewing = new ReentrantReadWriteLock();

  private final Thread clock;
  private volatile Duration visibility = Duration.ofSeconds(30);

  Leases(SqsQueue queue, String topic, Permits permits, Observer observer) {
    this.queue = queue;
    this.topic = topic;
    this.permits = permits;
    this.observer = observer;
    this.clock = Thread.ofVirtual().name("sqs-visibility").unstarted(this::renewAll);
  }

  /** Begins to renew. */
  Leases start() {
    clock.start();
    return this;
  }

  /** For how long messages are hidden anew from now on: what they are received with. */
  void hideFor(Duration timeout) {
    visibility = timeout;
  }

  void hold(Collection<Lease> leases) {
    for (Lease lease : leases) {
      latestHandles.put(lease.messageId(), lease.handle());
      held.add(lease);
    }
  }

  /** Ends leases, each once, and frees their permits. */
  void end(Collection<Lease> leases) {
    for (Lease lease : leases) {
      held.remove(lease);
      latestHandles.remove(lease.messageId(), lease.handle());
    }
    permits.release(leases.size(), leases.stream().mapToLong(Lease::bytes).sum());
  }

  /**
   * The handle to delete with: of a message that came again while it was unsettled only the latest
   * one is sure to work.
   */
  String latestHandle(Lease lease) {
    return latestHandles.getOrDefault(lease.messageId(), lease.handle());
  }

  /** Makes all that nobody settles yet the caller's. */
  List<Lease> claimAll() {
    return held.stream().filter(Lease::claim).toList();
  }

  /** Ends leases and lets others see the messages, each after its time; in vain is no harm. */
  void giveBack(Map<Lease, Duration> afterEach) {
    if (afterEach.isEmpty()) {
      return;
    }
    renewing.writeLock().lock();
    try {
      end(afterEach.keySet());
    } finally {
      renewing.writeLock().unlock();
    }
    inBatches(
        List.copyOf(afterEach.keySet()),
        batch -> changeVisibility(batch, lease -> afterEach.getOrDefault(lease, Duration.ZERO)));
  }

  private List<Failure> changeVisibility(List<Lease> batch, Function<Lease, Duration> timeout) {
    return queue.changeVisibility(
        batch.stream().map(lease -> new Visibility(lease.handle(), timeout.apply(lease))).toList());
  }

  private void renewAll() {
    try {
      while (true) {
        Thread.sleep(LOOK); // a clock: time alone makes leases due
        inBatches(due(), this::renew);
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private List<Lease> due() {
    long last = LONGEST.minus(visibility).toNanos();
    return held.stream().filter(lease -> lease.isDue() && lease.ageNanos() < last).toList();
  }

  private void renew(List<Lease> batch) {
    renewing.readLock().lock();
    try {
      List<Lease> asked = batch.stream().filter(held::contains).toList();
      if (asked.isEmpty()) {
        return;
      }
      Duration anew = visibility;
      List<Lease> renewed = new ArrayList<>(asked);
      for (Failure failure : changeVisibility(asked, lease -> anew)) {
        Lease failed = asked.get(failure.position());
        renewed.remove(failed);
        if (!failure.retryable()) {
          held.remove(failed);
        }
      }
      renewed.forEach(lease -> lease.renewed(anew));
      if (!renewed.isEmpty()) {
        observer.observed(new VisibilityExtended(topic, renewed.size()));
      }
    } finally {
      renewing.readLock().unlock();
    }
  }

  private void inBatches(List<Lease> leases, Consumer<List<Lease>> call) {
    List<Callable<Boolean>> calls = new ArrayList<>();
    for (int from = 0; from < leases.size(); from += SqsQueue.MAX_BATCH) {
      List<Lease> batch = leases.subList(from, Math.min(leases.size(), from + SqsQueue.MAX_BATCH));
      calls.add(
          () -> {
            call.accept(batch);
            return true;
          });
    }
    try {
      for (Future<Boolean> done : callers.invokeAll(calls)) {
        if (done.state() == Future.State.FAILED) {
          observer.observed(new TaskFailed("visibility of " + topic, done.exceptionNow()));
        }
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    clock.interrupt();
    callers.close();
  }
}
