package dev.escala.ingest;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.Message;
import dev.escala.model.Outcome;
import dev.escala.model.ReasonCode;
import dev.escala.observe.Observation.RollupBuilt;
import dev.escala.observe.Observation.RollupRefused;
import dev.escala.postgres.PostgresDatabase;
import dev.escala.postgres.PostgresSettings;
import dev.escala.testing.Messages;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rollups are what {@code GROUP BY} says of the rows, at each moment. */
@Tag("integration")
class RollupsTest extends PipelineRun {
  private static final Instant T = Instant.parse("2026-01-31T12:00:00Z");
  private static final String[] HOURLY = {
    "key: $.id",
    "time: $.at",
    "rollups:",
    "  hourly:",
    "    every: hour",
    "    by: [airline]",
    "    values:",
    "      flights: count",
    "      delayed: count(delay)",
    "      total: sum(delay)",
    "      least: min(delay)",
    "      most: max(delay)",
    "      mean: avg(delay)",
    "      last: max(_event_time)"
  };

  private static Message flight(int id, int minute, String airline, Object delay) {
    return Messages.of(
        "{\"id\":\"f%d\",\"at\":\"%s\",\"airline\":%s,\"delay\":%s}"
            .formatted(id, T.plusSeconds(60L * minute), airline, delay));
  }

  private static Message random(Random random, int ids) {
    String airline = List.of("\"UA\"", "\"DL\"", "\"AA\"", "null").get(random.nextInt(4));
    Object delay = random.nextInt(5) == 0 ? "null" : random.nextInt(100) - 20;
    return flight(random.nextInt(ids), random.nextInt(600), airline, delay);
  }

  private List<String> rollup() {
    return database.rows(
        "SELECT bucket, airline, flights, delayed, total, least, most, round(mean, 9), last"
            + " FROM hourly ORDER BY 1, 2");
  }

  private List<String> grouped() {
    return database.rows(
        "SELECT date_trunc('hour', _event_time, 'UTC'), airline, count(*), count(delay),"
            + " sum(delay), min(delay), max(delay), round(avg(delay), 9), max(_event_time) FROM"
            + " flights GROUP BY 1, 2 ORDER BY 1, 2");
  }

  private void built(int times) {
    eventually(
        () -> "built: " + observer.all(RollupBuilt.class) + observer.all(RollupRefused.class),
        () -> observer.all(RollupBuilt.class).size() == times);
  }

  @Test
  void whatWasStoredBeforeIsCountedAndWhatIsStoredAfterwards() {
    write(
        pipeline("key: $.id", "time: $.at"), flight(1, 0, "\"UA\"", 5), flight(2, 61, "null", -3));
    Pipeline pipeline = pipeline(HOURLY);
    built(1);
    assertThat(rollup()).hasSize(2).isEqualTo(grouped());
    assertThat(
            write(
                pipeline,
                flight(1, 0, "\"UA\"", 5),
                flight(3, 5, "\"UA\"", "null"),
                flight(3, 5, "\"UA\"", 9)))
        .containsExactly(Outcome.DUPLICATE, Outcome.STORED, Outcome.DUPLICATE);
    assertThat(rollup()).hasSize(2).isEqualTo(grouped());
  }

  @Test
  void ofATableThatIsNewTheFirstRowsAreCounted() {
    Pipeline pipeline = pipeline(HOURLY);
    write(pipeline, flight(1, 0, "\"UA\"", 5));
    built(1);
    write(pipeline, flight(2, 0, "\"UA\"", 6));
    assertThat(rollup()).hasSize(1).isEqualTo(grouped());
  }

  @Test
  void aRejectedRowIsNotCounted() {
    Pipeline pipeline = pipeline(HOURLY);
    write(pipeline, flight(1, 0, "\"UA\"", 5));
    built(1);
    database.execute("ALTER TABLE flights ADD CHECK (delay < 100)");
    List<Message> messages = new ArrayList<>();
    for (int i = 2; i < 50; i++) {
      messages.add(flight(i, i, "\"UA\"", i == 17 ? 100 : i));
    }
    assertThat(stored(write(pipeline, messages))).isEqualTo(47);
    assertThat(rollup()).isEqualTo(grouped());
  }

  /** Two instances write while the rollup is made of what is there. */
  @Test
  void eachRowIsCountedOnceWhileItIsMade() throws Exception {
    Random seeded = new Random(7);
    List<Message> first = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      first.add(random(seeded, 4000));
    }
    String[] without = {"key: $.id", "time: $.at"};
    Pipeline before = pipeline(without);
    write(before, first);
    AtomicBoolean stop = new AtomicBoolean();
    try (PostgresDatabase other = PostgresDatabase.open(PostgresSettings.of(database.url()));
        ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (Pipeline each : List.of(before, pipeline(other, without))) {
        Random random = new Random(running.size());
        running.add(
            writers.submit(
                () -> {
                  while (!stop.get()) {
                    List<Message> batch = new ArrayList<>();
                    for (int i = 0; i < 50; i++) {
                      batch.add(random(random, 40_000));
                    }
                    write(each, batch);
                  }
                }));
      }
      Pipeline counting = pipeline(HOURLY);
      built(1);
      write(counting, flight(1_000_000, 1, "\"UA\"", 1));
      stop.set(true);
      for (Future<?> each : running) {
        each.get();
      }
    }
    assertThat(rollup()).hasSizeGreaterThan(30).isEqualTo(grouped());
  }

  @Test
  void whatWasNotFinishedIsMadeAnew() {
    write(pipeline("key: $.id", "time: $.at"), flight(1, 0, "\"UA\"", 5));
    pipeline(HOURLY);
    built(1);
    database.execute(
        "UPDATE hourly SET flights = 99; DO $$ BEGIN EXECUTE format('COMMENT ON TABLE hourly IS"
            + " %L', replace(obj_description('hourly'::regclass, 'pg_class'), 'Rollup, ', 'Rollup"
            + " that is being filled, ')); END $$");
    pipeline(HOURLY);
    built(2);
    assertThat(rollup()).hasSize(1).isEqualTo(grouped());
  }

  @Test
  void otherSettingsAreToldAndChangeNothing() {
    write(pipeline("key: $.id", "time: $.at"), flight(1, 0, "\"UA\"", 5));
    pipeline(HOURLY);
    built(1);
    String[] daily = HOURLY.clone();
    daily[4] = "    every: day";
    Pipeline pipeline = pipeline(daily);
    eventually("it is told", () -> !observer.all(RollupRefused.class).isEmpty());
    assertThat(observer.all(RollupRefused.class).getFirst().detail()).contains("other settings");
    write(pipeline, flight(2, 0, "\"UA\"", 5));
    assertThat(rollup()).as("and it goes on counting as it was").hasSize(1).isEqualTo(grouped());
  }

  @Test
  void aTableOfSomebodyElseIsLeftAlone() {
    database.execute("CREATE TABLE hourly (mine text); INSERT INTO hourly VALUES ('x')");
    Pipeline pipeline = pipeline(HOURLY);
    write(pipeline, flight(1, 0, "\"UA\"", 5));
    eventually("it is told", () -> !observer.all(RollupRefused.class).isEmpty());
    assertThat(observer.all(RollupRefused.class).getFirst().detail()).contains("no rollup");
    assertThat(database.rows("SELECT mine FROM hourly")).containsExactly("x");
    assertThat(write(pipeline, flight(2, 0, "\"UA\"", 5))).containsExactly(Outcome.STORED);
  }

  @Test
  void whatIsNotConfiguredAnyMoreIsNotCounted() {
    write(pipeline(HOURLY), flight(1, 0, "\"UA\"", 5));
    built(1);
    Pipeline without = pipeline("time: $.at"); // nothing else that anybody would look for
    eventually(
        "it is not counted",
        () ->
            database.count("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'escala_rollup%'")
                == 0);
    write(without, flight(2, 0, "\"UA\"", 5));
    assertThat(database.rows("SELECT flights FROM hourly")).containsExactly("1");
    pipeline(HOURLY);
    eventually("it is told", () -> !observer.all(RollupRefused.class).isEmpty());
    assertThat(observer.all(RollupRefused.class).getFirst().detail())
        .contains("rows were stored that it has not counted");
  }

  /** Its type is what the rollup is made of. */
  @Test
  void aColumnThatIsCountedDoesNotBecomeText() {
    Pipeline pipeline = pipeline(HOURLY);
    write(pipeline, flight(1, 0, "\"UA\"", 5));
    built(1);
    List<Outcome> outcomes =
        write(
            pipeline,
            flight(2, 0, "\"UA\"", "1.5"),
            flight(3, 0, "\"UA\"", "\"late\""),
            flight(4, 0, "\"UA\"", 7));
    assertThat(outcomes.get(0)).isEqualTo(Outcome.STORED);
    assertThat(rejection(outcomes.get(1)).reason()).isEqualTo(ReasonCode.FIELD_TYPE);
    assertThat(outcomes.get(2)).isEqualTo(Outcome.STORED);
    assertThat(rollup()).isEqualTo(grouped());
  }

  @Test
  void withoutATimeAndOverNumbersAndTypesOfUsers() {
    database.execute(
        "CREATE TYPE state AS ENUM ('in', 'out'); CREATE TABLE flights (n int, s state, x float8)");
    Pipeline pipeline =
        pipeline(
            "rollups: {by_state: {by: [s, n], values: {rows: count, x: sum(x), low: min(x)}}}");
    for (String row :
        List.of("1,\"s\":\"in\",\"x\":0.1", "1,\"s\":\"in\",\"x\":0.2", "2,\"s\":\"out\"")) {
      write(pipeline, Messages.of("{\"n\":" + row + "}"));
    }
    built(1);
    write(pipeline, Messages.of("{\"n\":1,\"s\":\"in\",\"x\":0.3}"));
    assertThat(database.rows("SELECT s, n, rows, x, low FROM by_state ORDER BY 1, 2"))
        .containsExactly("in|1|3|0.6|0.1", "out|2|1||");
  }

  /** Who uses the table for long holds up the rollup, and no row. */
  @Test
  void aTableInUseIsNotHeldUp() throws Exception {
    write(pipeline("key: $.id", "time: $.at"), flight(1, 0, "\"UA\"", 5));
    try (Connection user = database.connect();
        Statement statement = user.createStatement()) {
      user.setAutoCommit(false);
      statement.execute("LOCK TABLE flights IN ROW EXCLUSIVE MODE");
      Pipeline pipeline = pipeline(HOURLY);
      for (int i = 10; i < 30; i++) {
        assertThat(write(pipeline, flight(i, 0, "\"UA\"", 5))).containsExactly(Outcome.STORED);
      }
      user.commit();
    }
    built(1);
    assertThat(rollup()).isEqualTo(grouped());
  }

  private static final String[] DISTINCT = {
    "key: $.id",
    "time: $.at",
    "rollups:",
    "  planes:",
    "    every: hour",
    "    by: [airline]",
    "    values: {flights: count, delays: approx_distinct(delay), mean: avg(delay)}"
  };

  /** A few values are counted exactly but for rare ones that share a bit. */
  @Test
  void differentValuesAreEstimatedWhoeverBringsThem() {
    List<Message> before = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      before.add(flight(i, i, "\"UA\"", i % 10 == 9 ? "null" : i % 10));
    }
    write(pipeline("key: $.id", "time: $.at"), before);
    Pipeline pipeline = pipeline(DISTINCT);
    built(1);
    String asked = "SELECT airline, flights, delays, round(mean, 3) FROM planes ORDER BY 1";
    assertThat(database.rows(asked)).containsExactly("UA|40|9|4.000");
    write(
        pipeline,
        flight(100, 1, "\"UA\"", 8),
        flight(101, 1, "\"UA\"", 5.0),
        flight(102, 1, "\"UA\"", 77.5),
        flight(103, 1, "null", "null"));
    assertThat(database.rows(asked))
        .as("5.0 is 5, though a column of integers became one of numbers")
        .containsExactly("UA|43|10|6.013", "|1|0|");
    assertThat(database.rows("SELECT relname, relkind FROM pg_class WHERE relname = 'planes'"))
        .containsExactly("planes|v");
    database.execute("SET ROLE escala_reader; SELECT delays FROM planes");
    assertThat(database.count("DELETE FROM planes WHERE airline IS NULL RETURNING 1"))
        .as("its rows can be deleted as those of other rollups")
        .isEqualTo(1);
  }

  @Test
  void manyDifferentValuesAreEstimatedWithinThreeStandardErrors() {
    Pipeline pipeline = pipeline(DISTINCT);
    write(pipeline, flight(-1, 0, "\"UA\"", 0));
    built(1);
    for (int batch = 0; batch < 20; batch++) {
      List<Message> messages = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        int id = batch * 500 + i;
        messages.add(flight(id, 0, "\"UA\"", id % 5000));
      }
      write(pipeline, messages);
    }
    assertThat(database.count("SELECT delays FROM planes")).isBetween(4_550L, 5_450L);
    assertThat(
            database.count(
                "SELECT pg_column_size(delays) FROM escala.\"rollup planes public flights\""))
        .as("a sketch stays in its row")
        .isLessThan(1_600L);
  }

  /** It would refuse each row of the topic. */
  @Test
  void whatHasNoHashIsToldAndNoRowIsRefused() {
    database.execute("CREATE TABLE flights (id text, place point, note json)");
    Pipeline pipeline =
        pipeline(
            "rollups: {places: {by: [id], values: {n: approx_distinct(place)}},"
                + " notes: {by: [note], values: {n: count}}}");
    assertThat(write(pipeline, Messages.of("{\"id\":\"a\",\"place\":\"(1,2)\"}")))
        .containsExactly(Outcome.STORED);
    eventually("both are told", () -> observer.all(RollupRefused.class).size() >= 2);
    assertThat(observer.all(RollupRefused.class).toString())
        .contains("could not identify an extended hash function for type point")
        .contains("could not identify an ordering operator for type json");
    assertThat(write(pipeline, Messages.of("{\"id\":\"b\",\"place\":\"(1,2)\"}")))
        .containsExactly(Outcome.STORED);
  }
}
