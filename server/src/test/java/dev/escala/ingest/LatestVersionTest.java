package dev.escala.ingest;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.Message;
import dev.escala.model.Origin;
import dev.escala.model.Outcome;
import dev.escala.model.Payload;
import dev.escala.model.ReasonCode;
import dev.escala.model.Rejection;
import dev.escala.model.SourceKind;
import dev.escala.postgres.PostgresDatabase;
import dev.escala.postgres.PostgresSettings;
import dev.escala.testing.Messages;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code dedup: latest}: a key's row is its latest version, in whatever order versions come. */
@Tag("integration")
class LatestVersionTest extends PipelineRun {
  private static final Instant T = Instant.parse("2026-01-31T12:00:00Z");
  private static final String[] LATEST = {
    "key: $.id", "time: $.at", "dedup: latest", "deleted: $.gone"
  };

  private final Pipeline pipeline = pipeline(LATEST);

  private static Message version(String id, int second, String fields) {
    return Messages.of(
        "{\"id\":\"%s\",\"at\":\"%s\"%s}".formatted(id, T.plusSeconds(second), fields));
  }

  private static Message version(String id, int second) {
    return version(id, second, ",\"v\":" + second);
  }

  private static Message deletion(String id, int second) {
    return version(id, second, ",\"gone\":true");
  }

  private static Message record(String key, long millis, long offset, Payload value) {
    return new Message(
        "flights",
        value,
        new Origin(
            SourceKind.KAFKA,
            "t-0-" + offset,
            Instant.ofEpochMilli(millis),
            1,
            Map.of(Origin.KAFKA_KEY, key, Origin.KAFKA_OFFSET, Long.toString(offset))),
        value.length() == 0 ? Rejection.of(ReasonCode.PAYLOAD_MISSING, "a tombstone") : null);
  }

  private static Message tombstone(String key, long millis, long offset) {
    return record(key, millis, offset, Payload.of(new byte[0]));
  }

  private List<String> rows() {
    return database.rows("SELECT id, v FROM flights ORDER BY id");
  }

  @Test
  void aLaterVersionTakesThePlaceOfTheRowAndAnEarlierOneDoesNot() {
    assertThat(write(pipeline, version("a", 2))).containsExactly(Outcome.STORED);
    assertThat(write(pipeline, version("a", 1))).containsExactly(Outcome.DUPLICATE);
    assertThat(rows()).containsExactly("a|2");
    assertThat(write(pipeline, version("a", 3), version("b", 1)))
        .containsExactly(Outcome.STORED, Outcome.STORED);
    assertThat(rows()).containsExactly("a|3", "b|1");
    assertThat(write(pipeline, version("a", 3))).containsExactly(Outcome.DUPLICATE);
  }

  @Test
  void ofSeveralInOneBatchTheLatestIsTheRow() {
    assertThat(write(pipeline, version("a", 2), version("a", 3), version("a", 1)))
        .containsExactly(Outcome.DUPLICATE, Outcome.STORED, Outcome.DUPLICATE);
    assertThat(rows()).containsExactly("a|3");
  }

  /** What a version does not say is not taken from the one before. */
  @Test
  void aVersionIsTheWholeRow() {
    write(pipeline, version("a", 1, ",\"v\":1,\"gate\":\"A1\""));
    write(pipeline, version("a", 2, ",\"v\":2"));
    assertThat(database.rows("SELECT v, gate FROM flights")).containsExactly("2|");
  }

  @Test
  void atTheSameTimeWhatComesLaterAndDiffersIsTheLaterVersion() {
    write(pipeline, version("a", 1, ",\"v\":1"));
    assertThat(write(pipeline, version("a", 1, ",\"v\":2"))).containsExactly(Outcome.STORED);
    assertThat(rows()).containsExactly("a|2");
    assertThat(write(pipeline, version("a", 1, ",\"v\":2"))).containsExactly(Outcome.DUPLICATE);
    assertThat(write(pipeline, version("a", 1, ",\"v\":3"), version("a", 1, ",\"v\":4")))
        .containsExactly(Outcome.DUPLICATE, Outcome.STORED);
    assertThat(rows()).containsExactly("a|4");
  }

  @Test
  void atTheSameTimeThePlaceAtTheSourceDecides() {
    Pipeline kafka = pipeline("key: $.id", "dedup: latest");
    Message first = record("a", 5, 11, Payload.utf8("{\"id\":\"a\",\"v\":1}"));
    Message second = record("a", 5, 12, Payload.utf8("{\"id\":\"a\",\"v\":2}"));
    assertThat(write(kafka, second)).containsExactly(Outcome.STORED);
    assertThat(write(kafka, first)).as("redelivered").containsExactly(Outcome.DUPLICATE);
    assertThat(rows()).containsExactly("a|2");
    assertThat(write(kafka, tombstone("a", 5, 13), tombstone("a", 5, 10)))
        .containsExactly(Outcome.STORED, Outcome.DUPLICATE);
    assertThat(rows()).isEmpty();
    assertThat(write(kafka, second)).containsExactly(Outcome.DUPLICATE);
    Message third = record("a", 5, 14, Payload.utf8("{\"id\":\"a\",\"v\":3}"));
    assertThat(write(kafka, third)).containsExactly(Outcome.STORED);
    assertThat(rows()).containsExactly("a|3");
  }

  @Test
  void aDeletionTakesTheRowAwayAndWhatIsEarlierDoesNotBringItBack() {
    write(pipeline, version("a", 1), version("b", 1));
    assertThat(write(pipeline, deletion("a", 3))).containsExactly(Outcome.STORED);
    assertThat(rows()).containsExactly("b|1");
    assertThat(write(pipeline, version("a", 1), version("a", 3), deletion("a", 3)))
        .as("redelivered")
        .containsOnly(Outcome.DUPLICATE);
    assertThat(write(pipeline, version("a", 2), deletion("a", 2))).containsOnly(Outcome.DUPLICATE);
    assertThat(rows()).containsExactly("b|1");
    assertThat(write(pipeline, version("a", 4))).containsExactly(Outcome.STORED);
    assertThat(rows()).containsExactly("a|4", "b|1");
  }

  @Test
  void aDeletionBeforeItsRowIsKept() {
    assertThat(write(pipeline, version("b", 0), deletion("a", 2))).containsOnly(Outcome.STORED);
    assertThat(write(pipeline, version("a", 1))).containsExactly(Outcome.DUPLICATE);
    assertThat(rows()).containsExactly("b|0");
  }

  @Test
  void whatWasDeletedLongAgoIsForgotten() {
    write(pipeline, version("z", 0), deletion("a", 2), deletion("b", 2));
    database.execute(
        "UPDATE escala.tombstone SET noted_at = now() - interval '31 days' WHERE key = 'a'");
    try (PostgresDatabase other = PostgresDatabase.open(PostgresSettings.of(database.url()))) {
      write(pipeline(other, LATEST), version("z", 1));
      eventually("one is left", () -> database.count("SELECT count(*) FROM escala.tombstone") == 1);
    }
    assertThat(database.rows("SELECT key FROM escala.tombstone")).containsExactly("b");
  }

  @Test
  void aDeletionDoesNotTakeAwayWhatIsLater() {
    write(pipeline, version("a", 2));
    assertThat(write(pipeline, deletion("a", 1))).containsExactly(Outcome.DUPLICATE);
    assertThat(rows()).containsExactly("a|2");
  }

  /** With the words of Debezium, and of those who write a flag. */
  @ParameterizedTest
  @ValueSource(strings = {"true", "\"true\"", "\"d\"", "\"delete\""})
  void whatSaysThatItDeletesDoes(String gone) {
    write(pipeline, version("a", 1));
    assertThat(write(pipeline, version("a", 2, ",\"gone\":" + gone + ",\"before\":{\"x\":1}")))
        .containsExactly(Outcome.STORED);
    assertThat(rows()).isEmpty();
    assertThat(
            database.rows(
                "SELECT column_name FROM information_schema.columns WHERE"
                    + " table_name = 'flights' AND column_name IN ('gone', 'before')"))
        .as("what deletes does not shape the table")
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"false", "null", "\"false\"", "\"u\"", "0"})
  void whatDoesNotSaySoDoesNot(String gone) {
    assertThat(write(pipeline, version("a", 2, ",\"v\":2,\"gone\":" + gone)))
        .containsExactly(Outcome.STORED);
    assertThat(rows()).containsExactly("a|2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "\"a\"", "{\"id\":\"a\"}", "{\"id\":\"a\",\"other\":[1]}"})
  void aRecordWithoutAValueDeletesTheRowOfItsKey(String key) {
    Pipeline kafka = pipeline("key: $.id", "dedup: latest");
    write(kafka, record(key, 1, 1, Payload.utf8("{\"id\":\"a\",\"v\":1}")));
    assertThat(write(kafka, tombstone(key, 2, 2))).containsExactly(Outcome.STORED);
    assertThat(rows()).isEmpty();
  }

  @Test
  void aTombstoneOfAKeyOfSeveralFieldsNamesThem() {
    Pipeline kafka = pipeline("key: [$.carrier, $.no]", "rename: {num: no}", "dedup: latest");
    write(kafka, record("", 1, 1, Payload.utf8("{\"carrier\":\"X\",\"no\":7}")));
    List<Outcome> outcomes =
        write(
            kafka,
            tombstone("{\"carrier\":\"X\"}", 2, 2),
            tombstone("X|7", 2, 3),
            tombstone("{\"carrier\":\"X\",\"num\":7}", 2, 4));
    assertThat(rejection(outcomes.get(0)).reason()).isEqualTo(ReasonCode.FIELD_MISSING);
    assertThat(rejection(outcomes.get(1)).reason()).isEqualTo(ReasonCode.FIELD_MISSING);
    assertThat(outcomes.get(2)).isEqualTo(Outcome.STORED);
    assertThat(database.count("SELECT count(*) FROM flights")).isZero();
  }

  @Test
  void aTombstoneThatNamesNoRowIsRejected() {
    Message withoutKey =
        new Message(
            "flights",
            Payload.of(new byte[0]),
            new Origin(SourceKind.KAFKA, "t-0-1", T, 1, Map.of()),
            Rejection.of(ReasonCode.PAYLOAD_MISSING, "a tombstone"));
    Message binary =
        new Message(
            "flights",
            Payload.of(new byte[0]),
            new Origin(
                SourceKind.KAFKA,
                "t-0-2",
                T,
                1,
                Map.of(Origin.KAFKA_KEY, "AAE=", Origin.KAFKA_KEY_ENCODING, "base64")),
            Rejection.of(ReasonCode.PAYLOAD_MISSING, "a tombstone"));
    assertThat(write(pipeline, version("a", 1), withoutKey, binary))
        .extracting(outcome -> outcome.getClass().getSimpleName())
        .containsExactly("Stored", "Rejected", "Rejected");
  }

  @Test
  void aVersionThatIsRefusedLeavesTheOneBefore() {
    write(pipeline, version("a", 1), version("z", 1));
    database.execute("ALTER TABLE flights ADD CHECK (v < 10)");
    List<Outcome> outcomes =
        write(pipeline, version("a", 11), version("a", 5), version("a", 3), version("b", 12));
    assertThat(rejection(outcomes.get(0)).reason()).isEqualTo(ReasonCode.ROW_CONSTRAINT);
    assertThat(outcomes.subList(1, 3)).containsExactly(Outcome.STORED, Outcome.DUPLICATE);
    assertThat(rejection(outcomes.get(3)).reason()).isEqualTo(ReasonCode.ROW_CONSTRAINT);
    assertThat(rows()).containsExactly("a|5", "z|1");
  }

  @Test
  void aDeletionThatOtherRowsForbidIsRejected() {
    write(pipeline, version("a", 1), version("b", 1));
    database.execute(
        "CREATE TABLE seats (flight text REFERENCES flights(_id)); INSERT INTO seats VALUES ('a')");
    List<Outcome> outcomes = write(pipeline, deletion("a", 2), deletion("b", 2));
    assertThat(rejection(outcomes.get(0)).reason()).isEqualTo(ReasonCode.ROW_CONSTRAINT);
    assertThat(outcomes.get(1)).isEqualTo(Outcome.STORED);
    assertThat(rows()).containsExactly("a|1");
    assertThat(write(pipeline, version("a", 2)))
        .as("it was not deleted")
        .containsExactly(Outcome.STORED);
  }

  /** A table of a topic whose rows stayed as they were, and whose settings change. */
  @Test
  void aTableThatIsThereIsCompleted() {
    Pipeline before = pipeline("key: $.id", "time: $.at");
    write(before, version("a", 1));
    assertThat(write(before, version("a", 2))).containsExactly(Outcome.DUPLICATE);
    assertThat(write(pipeline, version("a", 2))).containsExactly(Outcome.STORED);
    assertThat(rows()).containsExactly("a|2");
  }

  /** Types without equality too. */
  @Test
  void aTableOfSomebodyElseIsKeptUpToDate() {
    database.execute(
        "CREATE TABLE flights (id text PRIMARY KEY, v int NOT NULL, place point, doc json,"
            + " tags text[], twice int GENERATED ALWAYS AS (v * 2) STORED)");
    String fields = ",\"place\":\"(1,2)\",\"doc\":{\"a\":1},\"tags\":[\"x\"]";
    assertThat(write(pipeline, version("a", 1, ",\"v\":1" + fields)))
        .containsExactly(Outcome.STORED);
    assertThat(write(pipeline, version("a", 1, ",\"v\":1" + fields)))
        .containsExactly(Outcome.DUPLICATE);
    assertThat(write(pipeline, version("a", 1, ",\"v\":2" + fields)))
        .containsExactly(Outcome.STORED);
    assertThat(database.rows("SELECT id, v, twice FROM flights")).containsExactly("a|2|4");
  }

  /** Neither would see what the other has not committed. */
  @Test
  void aDeletionWaitsForAVersionThatIsBeingWritten() throws Exception {
    write(pipeline, version("z", 0));
    database.execute(
        """
        CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NEW; END $$;
        CREATE TRIGGER wait BEFORE INSERT ON flights FOR EACH ROW WHEN (NEW.id = 'a')
          EXECUTE FUNCTION wait()\
        """);
    try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<List<Outcome>> version;
      Future<List<Outcome>> deletion;
      try (Connection holder = database.connect();
          Statement statement = holder.createStatement()) {
        statement.execute("SELECT pg_advisory_lock(4711)");
        version = writers.submit(() -> write(pipeline, version("a", 1)));
        waiting(1);
        deletion = writers.submit(() -> write(pipeline, deletion("a", 2)));
        waiting(2);
      }
      assertThat(version.get()).containsExactly(Outcome.STORED);
      assertThat(deletion.get()).containsExactly(Outcome.STORED);
    }
    assertThat(rows()).containsExactly("z|0");
  }

  private void waiting(int writers) {
    String sql =
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database ="
            + " (SELECT oid FROM pg_database WHERE datname = current_database())";
    eventually(() -> database.count(sql) + " wait", () -> database.count(sql) == writers);
  }

  /** In any order, from several instances at once, in batches that overlap. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void allOrdersEndInTheSameTable(int seed) throws Exception {
    Random random = new Random(seed);
    List<Message> messages = new ArrayList<>();
    Map<String, Integer> latest = new HashMap<>();
    Map<String, Boolean> deleted = new HashMap<>();
    for (int second = 0; second < 600; second++) {
      String id = "k" + random.nextInt(40);
      boolean deletes = random.nextInt(5) == 0;
      messages.add(deletes ? deletion(id, second) : version(id, second));
      latest.put(id, second);
      deleted.put(id, deletes);
    }
    write(pipeline, version("k0", -1));
    Collections.shuffle(messages, random);
    PostgresDatabase other = PostgresDatabase.open(PostgresSettings.of(database.url()));
    try (other;
        ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      List<Pipeline> instances = List.of(pipeline, pipeline, pipeline(other, LATEST));
      for (int writer = 0; writer < instances.size(); writer++) {
        List<Message> own = messages.subList(writer * 200, writer * 200 + 200);
        Pipeline into = instances.get(writer);
        running.add(
            writers.submit(
                () -> {
                  for (int from = 0; from < own.size(); from += 10) {
                    write(into, own.subList(from, from + 10));
                  }
                }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
    List<String> expected =
        latest.keySet().stream()
            .filter(id -> !deleted.getOrDefault(id, false))
            .map(id -> id + "|" + latest.get(id))
            .sorted()
            .toList();
    assertThat(rows()).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(expected);
  }
}
