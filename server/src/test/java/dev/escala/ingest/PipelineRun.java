package dev.escala.ingest;

import dev.escala.decode.Decoder;
import dev.escala.decode.Settings;
import dev.escala.decode.TopicSettings;
import dev.escala.model.Message;
import dev.escala.model.Outcome;
import dev.escala.model.Rejection;
import dev.escala.postgres.PostgresDatabase;
import dev.escala.postgres.PostgresSettings;
import dev.escala.store.DeadLetters;
import dev.escala.store.MessageWriter;
import dev.escala.store.StoreException;
import dev.escala.store.TopicStore;
import dev.escala.store.Written;
import dev.escala.store.postgres.PostgresDeadLetters;
import dev.escala.store.postgres.PostgresStore;
import dev.escala.testing.Messages;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.RecordingObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;

/** A pipeline into real tables, without a source. */
public abstract class PipelineRun {
  private static final int ROWS = 5000;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  protected final PostgresServer.Database database = PostgresServer.newDatabase();
  protected final RecordingObserver observer = new RecordingObserver();
  protected final PostgresDatabase postgres = open();
  private final PostgresStore store = new PostgresStore(postgres, observer);

  protected final DeadLetters letters = new PostgresDeadLetters(postgres);

  private PostgresDatabase open() {
    PostgresSettings settings =
        PostgresSettings.of(database.url()).withLockTimeout(Duration.ofMillis(500));
    return PostgresDatabase.open(settings);
  }

  @AfterEach
  void close() {
    postgres.close();
  }

  protected Pipeline pipeline(String... lines) {
    return pipeline(store, lines);
  }

  /** Into the same table over connections of its own, as another instance. */
  protected Pipeline pipeline(PostgresDatabase instance, String... lines) {
    return pipeline(new PostgresStore(instance, observer), lines);
  }

  private Pipeline pipeline(PostgresStore tables, String... lines) {
    TopicSettings settings = Settings.flights(lines);
    TopicStore topic =
        getClass().isAnnotationPresent(InBulk.class)
            ? tables.inBulk(settings)
            : tables.topic(settings);
    return new Pipeline(new Decoder(settings), topic, PATIENCE, observer);
  }

  protected static List<Outcome> write(MessageWriter writer, Message... messages) {
    return write(writer, List.of(messages));
  }

  /** Writes in parts, waits for what waits, and answers the outcome of each message. */
  protected static List<Outcome> write(MessageWriter writer, List<Message> messages) {
    List<Outcome> outcomes = new ArrayList<>();
    for (int from = 0; from < messages.size(); from += ROWS) {
      List<Message> part = messages.subList(from, Math.min(from + ROWS, messages.size()));
      outcomes.addAll(finished(writer.write(part)));
    }
    return outcomes;
  }

  private static List<Outcome> finished(Written written) {
    if (written.waiting() == null) {
      return written.outcomes().stream().map(Objects::requireNonNull).toList();
    }
    try {
      written.waiting().await();
      var later = finished(written.waiting().write()).iterator();
      List<Outcome> outcomes = new ArrayList<>();
      for (Outcome outcome : written.outcomes()) {
        outcomes.add(outcome == null ? later.next() : outcome);
      }
      return outcomes;
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  /** Why the database takes none of the messages. */
  protected static StoreException failure(MessageWriter writer, Message... messages) {
    return Objects.requireNonNull(writer.write(List.of(messages)).failure());
  }

  protected static Message flight(int id) {
    return Messages.of("m" + id, "{\"id\":\"f" + id + "\",\"delay\":" + id + "}");
  }

  protected static List<Message> flights(int count) {
    return IntStream.range(0, count).mapToObj(PipelineRun::flight).toList();
  }

  protected static Rejection rejection(Outcome outcome) {
    return ((Outcome.Rejected) outcome).rejection();
  }

  protected static long stored(List<Outcome> outcomes) {
    return outcomes.stream().filter(Outcome.STORED::equals).count();
  }
}
