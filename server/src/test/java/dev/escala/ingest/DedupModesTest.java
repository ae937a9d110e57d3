package dev.escala.ingest;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.Message;
import dev.escala.model.Outcome;
import dev.escala.model.ReasonCode;
import dev.escala.postgres.PostgresDatabase;
import dev.escala.postgres.PostgresSettings;
import dev.escala.testing.Messages;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What all ways to find duplicates have in common, and in what they differ. */
@Tag("integration")
class DedupModesTest extends PipelineRun {
  private static final Instant T = Instant.parse("2026-03-01T12:00:00Z");

  private static String[] lines(String dedup) {
    return new String[] {"key: $.id", "time: $.at", "dedup: " + dedup};
  }

  private static Message flight(String id, Instant at, Object delay) {
    return Messages.of("{\"id\":\"%s\",\"at\":\"%s\",\"delay\":%s}".formatted(id, at, delay));
  }

  @ParameterizedTest
  @ValueSource(strings = {"key", "key-time", "window"})
  void aMessageIsStoredOnce(String dedup) {
    Pipeline pipeline = pipeline(lines(dedup));
    assertThat(write(pipeline, flight("a", T, 1), flight("b", T, 2), flight("a", T, 3)))
        .containsExactly(Outcome.STORED, Outcome.STORED, Outcome.DUPLICATE);
    assertThat(write(pipeline, flight("c", T, 4), flight("b", T, 5)))
        .containsExactly(Outcome.STORED, Outcome.DUPLICATE);
    assertThat(database.rows("SELECT id, delay FROM flights ORDER BY id"))
        .containsExactly("a|1", "b|2", "c|4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"key-time", "window"})
  void ofSeveralInstancesOneStoresIt(String dedup) throws Exception {
    Pipeline first = pipeline(lines(dedup));
    write(first, flight("begin", T, 0));
    List<Message> messages =
        IntStream.range(0, 3000).mapToObj(i -> flight("f" + i % 2000, T, i % 2000)).toList();
    long stored = 0;
    try (PostgresDatabase other = PostgresDatabase.open(PostgresSettings.of(database.url()));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Pipeline second = pipeline(other, lines(dedup));
      List<Callable<List<Outcome>>> writers = new ArrayList<>();
      for (Pipeline pipeline : List.of(first, second, first, second)) {
        writers.add(() -> write(pipeline, messages));
      }
      for (Future<List<Outcome>> outcomes : threads.invokeAll(writers)) {
        stored += stored(outcomes.get());
      }
    }
    assertThat(stored).isEqualTo(2000);
    assertThat(database.count("SELECT count(*) FROM flights")).isEqualTo(2001);
    assertThat(database.count("SELECT count(DISTINCT id) FROM flights")).isEqualTo(2001);
  }

  /** What is refused was not seen: once it is put right, it is stored. */
  @ParameterizedTest
  @ValueSource(strings = {"key-time", "window"})
  void aRowThatIsRefusedTakesNoneAlong(String dedup) {
    Pipeline pipeline = pipeline(lines(dedup));
    write(pipeline, flight("begin", T, 0));
    database.execute("ALTER TABLE flights ADD CONSTRAINT small CHECK (delay < 100)");
    List<Outcome> outcomes =
        write(pipeline, flight("a", T, 1), flight("b", T, 500), flight("c", T, 2));
    assertThat(outcomes.get(0)).isEqualTo(Outcome.STORED);
    assertThat(rejection(outcomes.get(1)).detail()).contains("small");
    assertThat(outcomes.get(2)).isEqualTo(Outcome.STORED);
    database.execute("ALTER TABLE flights DROP CONSTRAINT small");
    assertThat(write(pipeline, flight("b", T, 500), flight("c", T, 2)))
        .containsExactly(Outcome.STORED, Outcome.DUPLICATE);
  }

  @Test
  void atAnotherTimeAKeyIsAnotherRow() {
    Pipeline pipeline = pipeline(lines("key-time"));
    assertThat(
            write(
                pipeline,
                flight("a", T, 1),
                flight("a", T.plusNanos(1000), 2),
                flight("a", T.plusNanos(1400), 3), // of which the database keeps microseconds
                flight("a", T, 4)))
        .containsExactly(Outcome.STORED, Outcome.STORED, Outcome.DUPLICATE, Outcome.DUPLICATE);
    assertThat(write(pipeline, flight("a", T.plusNanos(600), 5)))
        .containsExactly(Outcome.DUPLICATE);
    assertThat(database.rows("SELECT delay FROM flights ORDER BY delay")).containsExactly("1", "2");
  }

  @Test
  void aWindowForgetsAKey() {
    Pipeline pipeline = pipeline("key: $.id", "time: $.at", "dedup: window", "window: 7d");
    write(pipeline, flight("a", T, 1), flight("b", T, 1));
    database.execute(
        "UPDATE escala.seen_key SET seen_at = now() - interval '8 days' WHERE key = 'a'");
    database.execute("INSERT INTO escala.seen_key VALUES (1, 'of a table that is gone')");
    pipeline("key: $.id", "time: $.at", "dedup: window", "window: 7d", "indexes: []");
    eventually(
        "it is forgotten",
        () -> database.rows("SELECT key FROM escala.seen_key").equals(List.of("b")));
    assertThat(write(pipeline, flight("a", T, 2), flight("b", T, 2)))
        .containsExactly(Outcome.STORED, Outcome.DUPLICATE);
  }

  /** Without a key of the topic the ids of messages count, which are uuids. */
  @Test
  void aWindowOfIdsOfMessages() {
    Pipeline pipeline = pipeline("dedup: window");
    Message message = Messages.of("one", "{\"id\":\"a\"}");
    assertThat(write(pipeline, message)).containsExactly(Outcome.STORED);
    assertThat(write(pipeline, message, Messages.of("two", "{\"id\":\"a\"}")))
        .containsExactly(Outcome.DUPLICATE, Outcome.STORED);
    assertThat(database.rows("SELECT indexdef FROM pg_indexes WHERE tablename = 'flights'"))
        .as("no index grows with the table")
        .isEmpty();
  }

  @Test
  void aTableWhoseKeysWereUniqueKnowsThemInAWindow() {
    write(pipeline(lines("key")), flight("a", T, 1));
    assertThat(write(pipeline(lines("window")), flight("a", T, 2), flight("b", T, 2)))
        .containsExactly(Outcome.DUPLICATE, Outcome.STORED);
  }

  /** Its own index says what is refused. */
  @Test
  void aTableWhoseKeysAreUniqueKeepsThemSo() {
    write(pipeline(lines("key")), flight("a", T, 1));
    List<Outcome> outcomes =
        write(pipeline(lines("key-time")), flight("a", T, 2), flight("a", T.plusSeconds(1), 2));
    assertThat(outcomes.get(0)).isEqualTo(Outcome.DUPLICATE);
    assertThat(rejection(outcomes.get(1)).reason()).isEqualTo(ReasonCode.ROW_CONSTRAINT);
  }
}
