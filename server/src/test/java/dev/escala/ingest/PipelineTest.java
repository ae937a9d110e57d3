package dev.escala.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.Message;
import dev.escala.model.Origin;
import dev.escala.model.Outcome;
import dev.escala.model.Payload;
import dev.escala.model.ReasonCode;
import dev.escala.model.Rejection;
import dev.escala.model.ReturnReason;
import dev.escala.model.SourceKind;
import dev.escala.observe.Observation;
import dev.escala.postgres.PostgresDatabase;
import dev.escala.postgres.PostgresSettings;
import dev.escala.store.StoreException;
import dev.escala.testing.Messages;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Messages into real tables, without a source. */
@Tag("integration")
class PipelineTest extends PipelineRun {
  @Test
  void sameMessagesThriceAreStoredOnce() {
    Pipeline pipeline = pipeline("key: $.id");
    List<Message> all = new ArrayList<>(flights(10_000));
    long stored = 0;
    for (int round = 0; round < 3; round++) {
      Collections.shuffle(all, new Random(round));
      stored += stored(write(pipeline, all));
    }
    assertThat(stored).isEqualTo(10_000);
    assertThat(database.count("SELECT count(*) FROM flights")).isEqualTo(10_000);
    assertThat(database.count("SELECT sum(delay) FROM flights")).isEqualTo(49_995_000);
  }

  @Test
  void firstOfABatchWins() {
    Pipeline pipeline = pipeline("key: $.id");
    assertThat(
            write(
                pipeline,
                Messages.of("1", "{\"id\":\"a\",\"v\":1}"),
                Messages.of("2", "{\"id\":\"a\",\"v\":2}"),
                Messages.of("3", "{\"id\":\"b\",\"v\":3}")))
        .containsExactly(Outcome.STORED, Outcome.DUPLICATE, Outcome.STORED);
    assertThat(write(pipeline, Messages.of("4", "{\"id\":\"b\",\"v\":4}")))
        .containsExactly(Outcome.DUPLICATE);
    assertThat(database.rows("SELECT _id, v FROM flights ORDER BY 1"))
        .containsExactly("a|1", "b|3");
  }

  @Test
  void idsThatDifferInCaseAloneAreTwoRows() {
    assertThat(
            write(
                pipeline(),
                Messages.of("Order-A", "{\"v\":1}"),
                Messages.of("order-a", "{\"v\":2}"),
                Messages.of("Order-A", "{\"v\":1}")))
        .containsExactly(Outcome.STORED, Outcome.STORED, Outcome.DUPLICATE);
    assertThat(database.rows("SELECT v FROM flights ORDER BY 1")).containsExactly("1", "2");
  }

  @Test
  void deadLettersOfDifferentIdsAreDifferentLetters() {
    List<Message> bad =
        Stream.of(
                "Order-A",
                "order-a",
                "a\0",
                "a\ud800",
                "a\ufffd",
                "b".repeat(501) + "1",
                "b".repeat(502))
            .map(id -> Messages.of(id, "no JSON"))
            .toList();
    write(pipeline(), bad);
    write(pipeline(), bad);
    assertThat(database.rows("SELECT attempts FROM escala.dead_letter"))
        .hasSize(bad.size())
        .containsOnly("2");
    assertThat(database.rows("SELECT message_id FROM escala.dead_letter"))
        .contains("Order-A", "order-a");
  }

  private static Message minted(int position, Instant publishedAt, String body) {
    Origin origin =
        new Origin(
            SourceKind.HTTP, UUID.randomUUID().toString(), publishedAt, 1, Map.of(), position);
    return new Message("flights", Payload.utf8(body), origin);
  }

  @Test
  void aRepeatWithoutAKeyIsTheSameDeadLetterOnThatDay() {
    Pipeline pipeline = pipeline();
    Instant day = Instant.parse("2026-01-31T00:00:00Z");
    for (int repeat = 0; repeat < 3; repeat++) {
      Instant at = day.plus(repeat, ChronoUnit.HOURS);
      write(pipeline, minted(0, at, "bad"), minted(1, at, "bad"), minted(2, at, "worse"));
    }
    assertThat(
            database.rows(
                "SELECT attempts, convert_from(body, 'UTF8') FROM escala.dead_letter ORDER BY 2"))
        .containsExactly("3|bad", "3|bad", "3|worse");
    write(pipeline, minted(0, day.plus(1, ChronoUnit.DAYS), "bad"));
    write(pipeline, Messages.of("given", "bad"));
    assertThat(database.count("SELECT count(*) FROM escala.dead_letter")).isEqualTo(5);
  }

  @Test
  void eachRowNamesTheSourceOfItsOwnMessage() {
    List<Message> messages = new ArrayList<>();
    for (SourceKind source : SourceKind.values()) {
      Origin origin = new Origin(source, "m-" + source, Messages.PUBLISHED_AT, 1, Map.of());
      String body = "{\"id\":\"" + source.label() + "\"}";
      messages.add(new Message("flights", Payload.utf8(body), origin));
    }
    assertThat(write(pipeline(), messages)).containsOnly(Outcome.STORED);
    assertThat(database.count("SELECT count(*) FROM flights WHERE _source = id"))
        .isEqualTo(SourceKind.values().length);
    assertThat(SourceKind.values().length).isGreaterThan(1);
  }

  @Test
  void oneBadMessageAtEachPositionTakesNobodyAlong() {
    Pipeline pipeline = pipeline();
    for (int position = 0; position < 1000; position += 37) {
      database.execute("DROP TABLE IF EXISTS flights");
      List<Message> batch = new ArrayList<>(flights(1000));
      batch.set(position, Messages.of("bad" + position, "{\"id\":"));
      List<Outcome> outcomes = write(pipeline, batch);
      assertThat(rejection(outcomes.get(position)).reason()).isEqualTo(ReasonCode.JSON_MALFORMED);
      assertThat(stored(outcomes)).isEqualTo(999);
      assertThat(database.count("SELECT count(*) FROM flights")).isEqualTo(999);
    }
    assertThat(database.count("SELECT count(*) FROM escala.dead_letter")).isEqualTo(28);
  }

  @Test
  void oneRefusedRowAtEachPositionTakesNobodyAlong() {
    database.execute("CREATE TABLE flights (id text, delay bigint CHECK (delay >= 0))");
    Pipeline pipeline = pipeline();
    for (int position = 0; position < 1000; position += 37) {
      database.execute("TRUNCATE flights");
      List<Message> batch = new ArrayList<>(flights(1000));
      batch.set(position, Messages.of("bad" + position, "{\"id\":\"x\",\"delay\":-1}"));
      List<Outcome> outcomes = write(pipeline, batch);
      Rejection rejection = rejection(outcomes.get(position));
      assertThat(rejection.reason()).isEqualTo(ReasonCode.ROW_CONSTRAINT);
      assertThat(rejection.sqlState()).isEqualTo("23514");
      assertThat(stored(outcomes)).isEqualTo(999);
      assertThat(database.count("SELECT count(*) FROM flights")).isEqualTo(999);
    }
    assertThat(database.count("SELECT count(*) FROM escala.dead_letter")).isEqualTo(28);
    assertThat(observer.all(Observation.BatchBisected.class)).hasSize(28);
  }

  @Test
  void anotherUniqueIndexIsAConstraintAndNoDuplicate() {
    database.execute("CREATE TABLE flights (id text, tail text UNIQUE)");
    Pipeline pipeline = pipeline("key: $.id");
    List<Outcome> outcomes =
        write(
            pipeline,
            Messages.of("1", "{\"id\":\"a\",\"tail\":\"N1\"}"),
            Messages.of("2", "{\"id\":\"b\",\"tail\":\"N1\"}"));
    assertThat(outcomes.get(0)).isEqualTo(Outcome.STORED);
    assertThat(rejection(outcomes.get(1)).reason()).isEqualTo(ReasonCode.ROW_CONSTRAINT);
    assertThat(rejection(outcomes.get(1)).sqlState()).isEqualTo("23505");
  }

  @Test
  void aDuplicateOfARefusedRowIsTriedItself() {
    database.execute("CREATE TABLE flights (id text, delay bigint CHECK (delay >= 0))");
    List<Outcome> outcomes =
        write(
            pipeline("key: $.id"),
            Messages.of("1", "{\"id\":\"a\",\"delay\":-1}"),
            Messages.of("2", "{\"id\":\"a\",\"delay\":2}"),
            Messages.of("3", "{\"id\":\"a\",\"delay\":3}"));
    assertThat(rejection(outcomes.get(0)).reason()).isEqualTo(ReasonCode.ROW_CONSTRAINT);
    assertThat(outcomes.subList(1, 3)).containsExactly(Outcome.STORED, Outcome.DUPLICATE);
  }

  @Test
  void deadLettersAreKeptWholeAndCounted() {
    Pipeline pipeline = pipeline();
    Message bad = Messages.of("m\0", "{\"a\":1,}");
    write(pipeline, bad);
    write(pipeline, bad);
    assertThat(
            database.rows(
                "SELECT topic, source, reason, convert_from(body, 'UTF8'), attributes, attempts,"
                    + " status FROM escala.dead_letter"))
        .containsExactly("flights|http|json.malformed|{\"a\":1,}|{\"a\": \"b\"}|2|new");
  }

  @Test
  void writersWithTheSameKeysDoNotDeadlock() throws Exception {
    Pipeline pipeline = pipeline("key: $.id");
    write(pipeline, flight(0));
    try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Long>> counts = new ArrayList<>();
      for (int writer = 0; writer < 4; writer++) {
        List<Message> mine = new ArrayList<>(flights(3000));
        Collections.shuffle(mine, new Random(writer));
        counts.add(writers.submit(() -> stored(write(pipeline, mine))));
      }
      long stored = 1;
      for (Future<Long> count : counts) {
        stored += count.get();
      }
      assertThat(stored).isEqualTo(3000);
    }
    assertThat(database.count("SELECT count(*) FROM flights")).isEqualTo(3000);
  }

  @Test
  void aReadOnlyDatabaseIsNobodysFault() {
    Pipeline pipeline = pipeline();
    write(pipeline, flight(1));
    database.execute(
        "ALTER DATABASE " + database.url().database() + " SET default_transaction_read_only = on");
    try (PostgresDatabase other = PostgresDatabase.open(PostgresSettings.of(database.url()))) {
      assertThat(failure(pipeline(other), flight(2)).reason())
          .isEqualTo(ReturnReason.DATABASE_UNAVAILABLE);
    }
  }

  @Test
  void aLockedTableIsNobodysFault() throws Exception {
    Pipeline pipeline = pipeline();
    write(pipeline, flight(1));
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("LOCK TABLE flights");
      StoreException failure = failure(pipeline, flight(2));
      assertThat(failure.reason()).isEqualTo(ReturnReason.DATABASE_UNAVAILABLE);
      assertThat(failure.sqlStateClass()).isEqualTo("55");
    }
    assertThat(write(pipeline, flight(2))).containsExactly(Outcome.STORED);
    assertThat(database.count("SELECT count(*) FROM escala.dead_letter")).isZero();
  }
}
