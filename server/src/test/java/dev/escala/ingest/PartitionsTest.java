package dev.escala.ingest;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.Message;
import dev.escala.model.Outcome;
import dev.escala.observe.Observation.IndexBuilt;
import dev.escala.observe.Observation.PartitionsMade;
import dev.escala.observe.Observation.PartitionsRefused;
import dev.escala.observe.Observation.RowsExpired;
import dev.escala.observe.Observation.RowsWithoutPartition;
import dev.escala.testing.Messages;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code partition}: rows stand apart by the spans of their event times. */
@Tag("integration")
class PartitionsTest extends PipelineRun {
  private static final Instant T = Instant.parse("2026-03-01T12:00:00Z");
  private final LocalDate today = LocalDate.now(ZoneOffset.UTC);

  private static final String[] DAILY = {
    "key: $.id", "time: $.at", "dedup: key-time", "partition: day"
  };

  private static String[] daily(String... more) {
    List<String> lines = new ArrayList<>(List.of(DAILY));
    lines.addAll(List.of(more));
    return lines.toArray(String[]::new);
  }

  private static Message flight(String id, Instant at) {
    return Messages.of("{\"id\":\"%s\",\"at\":\"%s\"}".formatted(id, at));
  }

  private static String part(LocalDate day) {
    return "flights_p" + day.toString().replace("-", "");
  }

  private List<String> places() {
    return database.rows("SELECT id, tableoid::regclass FROM flights ORDER BY id");
  }

  private List<String> parts() {
    return database.rows(
        "SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'flights'::regclass");
  }

  @ParameterizedTest
  @ValueSource(strings = {"key-time", "window"})
  void rowsStandByTheirDays(String dedup) {
    Pipeline pipeline = pipeline("key: $.id", "time: $.at", "dedup: " + dedup, "partition: day");
    Message first = flight("a", T);
    assertThat(write(pipeline, first, flight("b", T.plus(Duration.ofHours(12))), flight("c", T)))
        .containsOnly(Outcome.STORED);
    assertThat(write(pipeline, first)).containsExactly(Outcome.DUPLICATE);
    assertThat(places())
        .containsExactly("a|flights_p20260301", "b|flights_p20260302", "c|flights_p20260301");
    eventually(
        "those of the next days are there",
        () -> parts().contains(part(today)) && parts().contains(part(today.plusDays(3))));
    assertThat(observer.all(RowsWithoutPartition.class)).allMatch(left -> left.rows() == 0);
  }

  @Test
  void rowsStandByTheirMonths() {
    Pipeline pipeline = pipeline("key: $.id", "time: $.at", "dedup: key-time", "partition: month");
    write(pipeline, flight("a", T), flight("b", T.plus(Duration.ofDays(31))));
    assertThat(places()).containsExactly("a|flights_p20260301", "b|flights_p20260401");
  }

  /** Such as those that came while the table was held up. */
  @Test
  void whatStandsInTheDefaultOneIsMoved() {
    write(pipeline(DAILY), flight("a", T));
    database.execute(
        """
        ALTER TABLE flights ADD COLUMN twice text GENERATED ALWAYS AS (id || id) STORED;
        INSERT INTO flights (id, at, _id, _event_time, _source)
        SELECT 's' || i, t, 's' || i, t, 'http'
        FROM generate_series(1, 3) i, LATERAL (SELECT '2025-01-01 23:00Z'::timestamptz + i * interval '1 hour' AS t) x\
        """);
    assertThat(database.count("SELECT count(*) FROM flights_default")).isEqualTo(3);
    Pipeline pipeline = pipeline(daily("indexes: []"));
    eventually("they are moved", () -> database.count("SELECT count(*) FROM flights_default") == 0);
    assertThat(places())
        .contains("s1|flights_p20250102", "s2|flights_p20250102", "s3|flights_p20250102");
    assertThat(database.rows("SELECT twice FROM flights WHERE id = 's1'")).containsExactly("s1s1");
    assertThat(write(pipeline, flight("s1", Instant.parse("2025-01-02T00:00:00Z"))))
        .containsExactly(Outcome.DUPLICATE);
  }

  @Test
  void whatIsOldGoesByWholePartitions() {
    Instant now = Instant.now();
    write(
        pipeline(DAILY),
        flight("old", now.minus(Duration.ofDays(30))),
        flight("older", now.minus(Duration.ofDays(40))),
        flight("now", now),
        flight("ancient", Instant.parse("0009-01-01T00:00:00Z")));
    assertThat(places()).contains("ancient|flights_default");
    pipeline(daily("retain: 2d", "rollups: {daily: {every: day, values: {rows: count}}}"));
    eventually("it is told", () -> !observer.all(RowsExpired.class).isEmpty());
    assertThat(observer.all(RowsExpired.class)).containsExactly(new RowsExpired("flights", 3));
    assertThat(places()).containsExactly("now|" + part(today));
    assertThat(parts()).doesNotContain(part(today.minusDays(30)), part(today.minusDays(40)));
    assertThat(database.count("SELECT sum(rows) FROM daily")).isEqualTo(4);
  }

  /** Whoever publishes chooses the times. */
  @Test
  void timesThatAreInventedDoNotTakeAllPartitions() {
    Pipeline pipeline = pipeline(DAILY);
    List<Message> messages = new ArrayList<>();
    for (int i = 0; i < 700; i++) {
      messages.add(flight("f" + i, T.plus(Duration.ofDays(1000 + i))));
    }
    messages.add(flight("first", Instant.parse("0001-01-01T00:00:00Z")));
    messages.add(flight("last", Instant.parse("9999-12-31T23:59:59Z")));
    assertThat(write(pipeline, messages)).containsOnly(Outcome.STORED);
    assertThat(write(pipeline, messages)).containsOnly(Outcome.DUPLICATE);
    assertThat(database.count("SELECT count(*) FROM flights")).isEqualTo(702);
    eventually("there is room for today", () -> parts().contains(part(today)));
    eventually(
        "it is told",
        () -> observer.all(RowsWithoutPartition.class).stream().anyMatch(left -> left.rows() > 2));
    assertThat(parts()).hasSize(500);
  }

  /** The database refuses then what it would take a moment later. */
  @Test
  void aRowMeetsAPartitionThatIsBeingMade() throws Exception {
    Pipeline pipeline = pipeline(DAILY);
    Instant at = Instant.parse("2301-05-05T00:00:00Z");
    write(pipeline, flight("a", Instant.parse("2300-01-01T00:00:00Z")));
    try (Connection making = database.connect();
        Statement statement = making.createStatement();
        ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
      making.setAutoCommit(false);
      statement.execute(
          """
          LOCK TABLE flights_default;
          CREATE TABLE later (LIKE flights);
          ALTER TABLE flights ATTACH PARTITION later FOR VALUES FROM ('2301-01-01') TO ('2302-01-01')\
          """);
      Future<List<Outcome>> outcomes =
          writers.submit(() -> write(pipeline, Messages.of("{broken"), flight("b", at)));
      eventually(
          "it waits",
          () ->
              database.count(
                      "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                          + " AND datname = current_database() AND query LIKE '%INTO%flights%'")
                  == 1);
      making.commit();
      assertThat(outcomes.get().get(1)).isEqualTo(Outcome.STORED);
    }
    assertThat(places()).contains("b|later");
  }

  /**
   * Its query was planned before the new partition was there, and looks at the default one when the
   * rows have left it.
   */
  @Test
  void aReaderMissesNoRowThatIsBeingMoved() throws Exception {
    write(pipeline(DAILY), flight("a", T));
    database.execute(
        """
        INSERT INTO flights (id, at, _id, _event_time, _source)
        VALUES ('s', '2025-01-02Z', 's', '2025-01-02Z', 'http');
        CREATE FUNCTION waits(id text) RETURNS boolean LANGUAGE plpgsql SET lock_timeout = 0 AS $$
          BEGIN PERFORM pg_advisory_xact_lock_shared(42); RETURN true; END $$;
        ALTER TABLE flights ADD CHECK (waits(id))\
        """);
    try (Connection holder = database.connect();
        Statement hold = holder.createStatement();
        ExecutorService reader = Executors.newVirtualThreadPerTaskExecutor()) {
      holder.setAutoCommit(false);
      hold.execute("SELECT pg_advisory_xact_lock(42)");
      pipeline(daily("indexes: []"));
      waits("WITH moved%", "advisory");
      Future<Long> rows = reader.submit(() -> database.count("SELECT count(*) FROM flights"));
      waits("SELECT count(*) FROM flights", "relation");
      holder.commit();
      assertThat(rows.get()).isEqualTo(2);
    }
    assertThat(places()).contains("s|flights_p20250102");
  }

  private void waits(String query, String what) {
    eventually(
        () -> query + " waits: " + database.rows("SELECT wait_event, query FROM pg_stat_activity"),
        () ->
            database.count(
                    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND"
                        + " datname = current_database() AND wait_event = '%s' AND query LIKE '%s'"
                            .formatted(what, query))
                == 1);
  }

  @Test
  void aTableThatIsThereStaysAsItIs() {
    write(pipeline("key: $.id", "time: $.at", "dedup: key-time"), flight("a", T));
    Pipeline pipeline = pipeline(DAILY);
    assertThat(write(pipeline, flight("a", T), flight("b", T)))
        .containsExactly(Outcome.DUPLICATE, Outcome.STORED);
    eventually("it is told", () -> !observer.all(PartitionsRefused.class).isEmpty());
    assertThat(observer.all(PartitionsMade.class)).isEmpty();
  }

  @Test
  void anIndexThatComesLaterIsBuiltOnEach() {
    write(pipeline(DAILY), flight("a", T), flight("b", T.plus(Duration.ofDays(1))));
    Pipeline pipeline = pipeline(daily("indexes: [{columns: [at]}]"));
    eventually("it is built", () -> !observer.all(IndexBuilt.class).isEmpty());
    String valid =
        "SELECT count(*) FROM pg_index WHERE indexrelid = 'flights_at_idx'::regclass AND"
            + " indisvalid";
    assertThat(database.count(valid)).isEqualTo(1);
    write(pipeline, flight("c", T.plus(Duration.ofDays(2))));
    assertThat(
            database.count(
                "SELECT count(*) FROM pg_indexes WHERE tablename = 'flights_p20260303'"
                    + " AND indexdef LIKE '%(at)%'"))
        .as("also on one that is new")
        .isEqualTo(1);
  }

  @Test
  void aTableInPartitionsGrowsByColumnsAndTypes() {
    Pipeline pipeline = pipeline(DAILY);
    write(pipeline, flight("a", T));
    String json = "{\"id\":\"%s\",\"at\":\"%s\",\"gate\":%s}";
    assertThat(
            write(
                pipeline,
                Messages.of(json.formatted("b", T, 7)),
                Messages.of(json.formatted("c", T.plus(Duration.ofDays(9)), "\"B7\""))))
        .containsOnly(Outcome.STORED);
    assertThat(database.rows("SELECT id, gate FROM flights ORDER BY id"))
        .containsExactly("a|", "b|7", "c|B7");
  }
}
