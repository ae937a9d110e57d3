package dev.escala.source.kafka;

import dev.escala.model.Backoff;
import dev.escala.model.SourceKind;
import dev.escala.observe.Observation.SourceFailed;
import dev.escala.observe.Observation.SourceRecovered;
import dev.escala.observe.Observer;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Schemas by their ids, as a registry gives them, kept within limits. While it does not answer it
 * is left alone for longer each time; each change is reported once.
 */
final class SchemaRegistry implements AutoCloseable {
  static final int MOST_SCHEMAS = 1_000;

  /** Of their texts; read, they take several times as much. */
  private static final int MOST_BYTES = 8 << 20;

  /** A schema that is not there now may be, once who registers it has done so. */
  private static final Duration ABSENT = Duration.ofSeconds(30);

  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));

  private final RegistryClient client;
  private final String topic;
  private final Observer observer;
  private final ReentrantLock lock = new ReentrantLock();

  /** Those that were not asked for the longest come first. */
  private final Map<Integer, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);

  private long keptBytes;
  private boolean asking;
  private boolean closed;
  private int failures;
  private long notBeforeNanos = System.nanoTime();

  /** What is known of a schema. */
  sealed interface Answer {
    record Known(AvroValues values) implements Answer {}

    /** There is none of that id that could be read by, for a reason in a sentence. */
    record None(String detail) implements Answer {}

    /** Nobody said yet. */
    record Later() implements Answer {}
  }

  /** Where {@code untilNanos} is null it does not change any more. */
  private record Kept(Answer answer, int bytes, @Nullable Long untilNanos) {
    boolean isOver() {
      return untilNanos != null && System.nanoTime() - untilNanos >= 0;
    }
  }

  /** Asks by the client, which it closes; what it reports is of the topic. */
  SchemaRegistry(RegistryClient client, String topic, Observer observer) {
    this.client = client;
    this.topic = topic;
    this.observer = observer;
  }

  /** What is known now; has the registry asked where that is nothing, and does not wait for it. */
  Answer look(int id) {
    lock.lock();
    try {
      Answer known = known(id);
      if (known instanceof Answer.Later && mayAsk()) {
        asking = true;
        var _ = Thread.ofVirtual().name("schema registry").start(() -> fetch(id));
      }
      return known;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the registry, unless that failed a moment ago. */
  Answer ask(int id) {
    lock.lock();
    try {
      Answer known = known(id);
      if (!(known instanceof Answer.Later) || !mayAsk()) {
        return known;
      }
      asking = true;
    } finally {
      lock.unlock();
    }
    return fetch(id);
  }

  private boolean mayAsk() {
    return !asking && !closed && System.nanoTime() - notBeforeNanos >= 0;
  }

  private Answer known(int id) {
    Kept found = kept.get(id);
    return found == null || found.isOver() ? new Answer.Later() : found.answer();
  }

  private Answer fetch(int id) {
    try {
      Kept found = read(id);
      keep(id, found);
      answered();
      return found.answer();
    } catch (IOException away) {
      failed(String.valueOf(away.getMessage()));
      return new Answer.Later();
    } finally {
      mayAskAgain();
    }
  }

  private void mayAskAgain() {
    lock.lock();
    try {
      asking = false;
    } finally {
      lock.unlock();
    }
  }

  private Kept read(int id) throws IOException {
    return switch (client.schema(id)) {
      case RegistryClient.Found.Schema(var text) -> parsed(id, text);
      case RegistryClient.Found.Nothing(var why) ->
          absent("The schema with the id %d %s".formatted(id, why));
    };
  }

  private static Kept parsed(int id, String text) {
    try {
      return new Kept(new Answer.Known(AvroValues.of(text)), text.length(), null);
    } catch (RuntimeException malformed) {
      // Not all that Avro throws at what is no schema is of its own.
      return absent(
          "The schema with the id %d is none that Avro reads: %s"
              .formatted(id, malformed.getMessage()));
    }
  }

  private static Kept absent(String detail) {
    return new Kept(new Answer.None(detail), detail.length(), System.nanoTime() + ABSENT.toNanos());
  }

  private void keep(int id, Kept found) {
    lock.lock();
    try {
      Kept before = kept.put(id, found);
      keptBytes += found.bytes() - (before == null ? 0 : before.bytes());
      Iterator<Kept> eldest = kept.values().iterator();
      while (kept.size() > MOST_SCHEMAS || (keptBytes > MOST_BYTES && kept.size() > 1)) {
        keptBytes -= eldest.next().bytes();
        eldest.remove();
      }
    } finally {
      lock.unlock();
    }
  }

  private void answered() {
    if (change(0) > 0) {
      observer.observed(new SourceRecovered(SourceKind.KAFKA, topic));
    }
  }

  private void failed(String detail) {
    if (change(1) == 0) {
      observer.observed(new SourceFailed(SourceKind.KAFKA, topic, detail));
    }
  }

  /** Counts a failure or none; gives how many there were before. */
  private int change(int failure) {
    lock.lock();
    try {
      int before = failures;
      failures = failure == 0 ? 0 : before + 1;
      if (failures > 0) {
        notBeforeNanos = System.nanoTime() + BACKOFF.after(failures).toNanos();
      }
      return closed ? -1 : before;
    } finally {
      lock.unlock();
    }
  }

  /** A sentence where it does not answer as a registry does. */
  Optional<String> trouble() {
    try {
      var _ = client.schema(0); // which no registry gives to a schema
      return Optional.empty();
    } catch (IOException away) {
      return Optional.ofNullable(away.getMessage());
    }
  }

  /** How many schemas are kept. */
  int size() {
    lock.lock();
    try {
      return kept.size();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    client.close();
  }
}
