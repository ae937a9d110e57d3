package dev.escala.source.sqs;

import dev.escala.model.Backoff;
import dev.escala.model.SourceKind;
import dev.escala.observe.Observation.AcknowledgementFailed;
import dev.escala.observe.Observation.TaskFailed;
import dev.escala.observe.Observer;
import dev.escala.source.sqs.SqsQueue.Failure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Deletes what is settled. Whoever is idle deletes at once what is there; while all are busy more
 * comes together, so that the batches grow full exactly when it counts.
 */
final class Deletions implements AutoCloseable {
  private static final int ATTEMPTS = 5;
  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));
  private static final Duration FLUSH_LIMIT = Duration.ofSeconds(10);

  private final SqsQueue queue;
  private final Leases leases;
  private final String topic;
  private final Observer observer;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Condition finished = lock.newCondition();
  private final Deque<Deletion> waiting = new ArrayDeque<>();
  private final List<Thread> threads = new ArrayList<>();
  private int pending;

  private record Deletion(Lease lease, int attempt) {
    Deletion again() {
      return new Deletion(lease, attempt + 1);
    }
  }

  Deletions(SqsQueue queue, Leases leases, SqsSettings settings, Observer observer) {
    this.queue = queue;
    this.leases = leases;
    this.topic = settings.topic();
    this.observer = observer;
    for (int i = 0; i < settings.polling().maxPollers(); i++) {
      threads.add(Thread.ofVirtual().name("sqs-delete-" + i).start(this::deleteAll));
    }
  }

  void add(List<Lease> settled) {
    lock.lock();
    try {
      settled.forEach(lease -> waiting.addLast(new Deletion(lease, 1)));
      pending += settled.size();
      wakeFor(settled.size());
    } finally {
      lock.unlock();
    }
  }

  /** No more threads than there are batches: the others would wake in vain. */
  private void wakeFor(int deletions) {
    for (int batch = 0; batch < deletions; batch += SqsQueue.MAX_BATCH) {
      arrived.signal();
    }
  }

  private List<Deletion> next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty()) {
        arrived.await();
      }
      List<Deletion> batch = new ArrayList<>(SqsQueue.MAX_BATCH);
      while (batch.size() < SqsQueue.MAX_BATCH && !waiting.isEmpty()) {
        batch.add(waiting.pollFirst());
      }
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private void deleteAll() {
    while (true) {
      try {
        List<Deletion> failed = delete(next());
        if (!failed.isEmpty()) {
          // SQS is given time; closing interrupts it, and the thread has nothing else to do.
          Thread.sleep(BACKOFF.after(failed.getFirst().attempt() - 1));
          again(failed);
        }
      } catch (InterruptedException closed) {
        return;
      } catch (RuntimeException failure) {
        observer.observed(new TaskFailed("deletions of " + topic, failure));
      }
    }
  }

  /** What is worth another attempt; all else is over. */
  private List<Deletion> delete(List<Deletion> batch) {
    Map<String, List<Deletion>> byHandle = new LinkedHashMap<>();
    for (Deletion deletion : batch) {
      byHandle
          .computeIfAbsent(leases.latestHandle(deletion.lease()), ignored -> new ArrayList<>())
          .add(deletion);
    }
    List<Deletion> again = new ArrayList<>();
    try {
      List<String> handles = List.copyOf(byHandle.keySet());
      for (Failure failure : queue.delete(handles)) {
        again.addAll(
            failed(failure, byHandle.getOrDefault(handles.get(failure.position()), List.of())));
      }
      return again.stream().map(Deletion::again).toList();
    } finally {
      end(batch.stream().filter(d -> !again.contains(d)).map(Deletion::lease).toList());
    }
  }

  private List<Deletion> failed(Failure failure, List<Deletion> failed) {
    List<Deletion> again =
        failed.stream().filter(d -> failure.retryable() && d.attempt() < ATTEMPTS).toList();
    if (again.size() < failed.size()) {
      observer.observed(
          new AcknowledgementFailed(
              SourceKind.SQS, topic, failure.code(), failed.size() - again.size()));
    }
    return again;
  }

  private void end(List<Lease> over) {
    leases.end(over);
    lock.lock();
    try {
      pending -= over.size();
      finished.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void again(List<Deletion> failed) {
    lock.lock();
    try {
      waiting.addAll(failed);
      wakeFor(failed.size());
    } finally {
      lock.unlock();
    }
  }

  /** Deletes what is waiting, for a limited time. */
  @Override
  public void close() {
    lock.lock();
    try {
      long left = FLUSH_LIMIT.toNanos();
      while (pending > 0 && left > 0) {
        left = finished.awaitNanos(left);
      }
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
    threads.forEach(Thread::interrupt);
  }
}
