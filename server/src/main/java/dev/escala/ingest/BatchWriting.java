package dev.escala.ingest;

import dev.escala.model.Message;
import dev.escala.model.ReturnReason;
import dev.escala.observe.Observation.TaskFailed;
import dev.escala.observe.Observer;
import dev.escala.store.MessageWriter;
import dev.escala.store.StoreException;
import dev.escala.store.Written;
import dev.escala.store.Written.Waiting;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes one batch in parts, each of which ends for itself: what was committed stays committed,
 * whatever becomes of the next part.
 */
final class BatchWriting {
  private final Batch batch;
  private final MessageWriter writer;
  private final String task;
  private final Observer observer;
  private final Deque<Rest> rests = new ArrayDeque<>();
  private @Nullable StoreException failure;
  private Duration decoding = Duration.ZERO;

  /** Messages of a part that wait for their table to change. */
  private record Rest(List<Integer> positions, Waiting waiting) {}

  BatchWriting(Batch batch, MessageWriter writer, String task, Observer observer) {
    this.batch = batch;
    this.writer = writer;
    this.task = task;
    this.observer = observer;
  }

  /** Writes all that does not wait, so many messages at a time; after a failure nothing more. */
  void write(int rows) {
    int size = batch.messages().size();
    for (int from = 0; from < size; from += rows) {
      int to = Math.min(from + rows, size);
      List<Integer> positions = batch.undecided(from, to);
      note(positions, failure == null ? part(from, to) : Written.failed(to - from, failure));
    }
  }

  private Written part(int from, int to) {
    List<Message> messages = batch.messages().subList(from, to);
    return guarded(messages.size(), () -> writer.write(messages));
  }

  boolean waits() {
    return !rests.isEmpty();
  }

  /** Returns once the first of those that wait can be written. */
  void awaitNext() throws InterruptedException {
    rests.getFirst().waiting().await();
  }

  /** Writes the first of those that wait. */
  void writeNext() {
    failure = null;
    Rest rest = rests.removeFirst();
    note(rest.positions(), guarded(rest.positions().size(), rest.waiting()::write));
  }

  /** Everything that still waits is given back. */
  void giveUp() {
    for (Rest rest : rests) {
      note(rest.positions(), Written.givenBack(rest.positions().size(), ReturnReason.SHUTDOWN));
    }
    rests.clear();
  }

  /** A bug must not take the outcomes of other parts along. */
  private Written guarded(int messages, Supplier<Written> write) {
    try {
      return write.get();
    } catch (StoreException away) {
      return Written.failed(messages, away);
    } catch (RuntimeException bug) {
      observer.observed(new TaskFailed(task, bug));
      return Written.failed(messages, unexpected());
    }
  }

  static StoreException unexpected() {
    return new StoreException(
        ReturnReason.DATABASE_UNAVAILABLE, "", "failed unexpectedly; see the failure beside this");
  }

  private void note(List<Integer> positions, Written written) {
    batch.note(positions, written);
    failure = failure == null ? written.failure() : failure;
    decoding = decoding.plus(written.decoding());
    Waiting waiting = written.waiting();
    if (waiting != null) {
      List<Integer> left = new ArrayList<>();
      for (int i = 0; i < positions.size(); i++) {
        if (written.outcomes().get(i) == null) {
          left.add(positions.get(i));
        }
      }
      rests.addLast(new Rest(left, waiting));
    }
  }

  /** Why the database did not take what was written last. */
  Optional<StoreException> failure() {
    return Optional.ofNullable(failure);
  }

  /** The time until now that was not spent on the database. */
  Duration decoding() {
    return decoding;
  }
}
