package dev.escala.backfill;

import dev.escala.model.Backoff;
import dev.escala.model.Outcome;
import dev.escala.model.ReturnReason;
import dev.escala.publish.FileRefused;
import dev.escala.publish.MessageFile;
import dev.escala.publish.Summary;
import dev.escala.store.Backfills;
import dev.escala.store.Backfills.Reached;
import dev.escala.store.MessageWriter;
import dev.escala.store.StoreException;
import dev.escala.store.Written;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Loads the messages of a file into the table of a topic. One thread reads, several decode and
 * write; how far all is committed is noted, so that the next start goes on behind it. What was
 * written beyond it is written again then, and is duplicate.
 */
public final class Backfill {
  private static final Backoff PAUSES = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));
  private static final long BETWEEN_NOTES_NANOS = Duration.ofSeconds(1).toNanos();

  private final MessageWriter writer;
  private final Backfills backfills;
  private final Job job;
  private final Semaphore free;
  private final Prefix prefix;
  private Summary loaded = Summary.NONE;
  private long notedNanos = System.nanoTime();
  private @Nullable Exception failure;

  /**
   * What is to be done.
   *
   * @param skip so many messages that have their outcome already
   * @param writers how many batches are under way at once
   * @param patience how long the database may take nothing
   * @param progress told of what is done, by one thread at a time
   */
  public record Job(
      String topic,
      LoadedFile file,
      long skip,
      int writers,
      Duration patience,
      Consumer<Summary> progress) {}

  /** Nothing is done yet. */
  public Backfill(MessageWriter writer, Backfills backfills, Job job) {
    this.writer = writer;
    this.backfills = backfills;
    this.job = job;
    // One more than are written, so that the next is ready.
    this.free = new Semaphore(job.writers() + 1);
    this.prefix = new Prefix(job.skip());
  }

  /**
   * Loads all of it.
   *
   * @throws BackfillStopped where the database takes nothing for too long
   * @throws FileRefused where the file cannot be read any further; what came before is loaded
   */
  public Summary load(MessageFile messages)
      throws IOException, FileRefused, BackfillStopped, InterruptedException {
    try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
      read(messages, writers);
    } finally {
      note(false);
    }
    switch (failure) {
      case BackfillStopped stopped -> throw stopped;
      case null -> note(true);
      default -> throw new IllegalStateException("a batch was not written", failure);
    }
    return loaded;
  }

  private void read(MessageFile messages, ExecutorService writers)
      throws IOException, FileRefused, InterruptedException {
    for (long i = 0; i < job.skip() && messages.next().isPresent(); i++) {
      // they were loaded before
    }
    Batch batch = new Batch(job.topic(), job.file(), job.skip());
    try {
      Optional<String> next = messages.next();
      while (next.isPresent() && !hasStopped()) {
        batch.add(next.get());
        if (batch.isFull()) {
          submit(batch, writers);
          batch = new Batch(job.topic(), job.file(), batch.end());
        }
        next = messages.next();
      }
    } finally {
      if (!batch.isEmpty()) {
        submit(batch, writers);
      }
    }
  }

  private void submit(Batch batch, ExecutorService writers) throws InterruptedException {
    free.acquire();
    writers.execute(
        () -> {
          try {
            if (!hasStopped()) {
              write(batch);
              finished(batch);
            }
          } catch (BackfillStopped | RuntimeException failed) {
            stop(failed);
          } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
          } finally {
            free.release();
          }
        });
  }

  private void write(Batch batch) throws BackfillStopped, InterruptedException {
    long since = System.nanoTime();
    int failures = 0;
    int due = batch.due().size();
    ReturnReason why = batch.took(outcomes(writer.write(batch.due())));
    while (why != null) {
      if (batch.due().size() < due) {
        due = batch.due().size();
        since = System.nanoTime();
        failures = 0;
      } else if (System.nanoTime() - since > job.patience().toNanos()) {
        throw new BackfillStopped(why.label());
      }
      Thread.sleep(PAUSES.after(++failures)); // nobody tells when the database takes rows again
      why = batch.took(outcomes(writer.write(batch.due())));
    }
  }

  /** Of messages that wait for their table to change, too. */
  private static List<Outcome> outcomes(Written written) throws InterruptedException {
    List<Outcome> outcomes = new ArrayList<>(written.outcomes().size());
    Iterator<Outcome> later = List.<Outcome>of().iterator();
    if (written.waiting() != null) {
      written.waiting().await();
      later = outcomes(written.waiting().write()).iterator();
    }
    for (Outcome outcome : written.outcomes()) {
      outcomes.add(Objects.requireNonNullElseGet(outcome, later::next));
    }
    return outcomes;
  }

  private synchronized void finished(Batch batch) {
    loaded = loaded.plus(batch.summary());
    prefix.finished(batch.first(), batch.size());
    job.progress().accept(loaded);
    if (System.nanoTime() - notedNanos >= BETWEEN_NOTES_NANOS) {
      note(false);
    }
  }

  /** What is not noted is loaded again by the next start. */
  private synchronized void note(boolean ended) {
    notedNanos = System.nanoTime();
    try {
      backfills.reached(job.topic(), job.file().id(), new Reached(prefix.end(), ended));
    } catch (StoreException away) {
      // writes say so
    }
  }

  private synchronized void stop(Exception why) {
    failure = why;
  }

  private synchronized boolean hasStopped() {
    return failure != null;
  }
}
