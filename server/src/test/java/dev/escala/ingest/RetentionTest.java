package dev.escala.ingest;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.Message;
import dev.escala.observe.Observation.IndexBuilt;
import dev.escala.observe.Observation.RollupBuilt;
import dev.escala.observe.Observation.RollupRefused;
import dev.escala.observe.Observation.RowsExpired;
import dev.escala.testing.Messages;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code retain}: rows are deleted by their event time. */
@Tag("integration")
class RetentionTest extends PipelineRun {
  private static final String[] LINES = {"key: $.id", "time: $.at"};
  private static final String[] RETAINING = {"key: $.id", "time: $.at", "retain: 2d"};

  private static Message row(String id, Duration age) {
    return Messages.of("{\"id\":\"%s\",\"at\":\"%s\"}".formatted(id, Instant.now().minus(age)));
  }

  @Test
  void whatIsOlderIsDeletedWhileOthersAreStored() {
    List<Message> old =
        IntStream.range(0, 12_000).mapToObj(i -> row("old-" + i, Duration.ofHours(49))).toList();
    write(pipeline(LINES), old);
    write(
        pipeline(LINES),
        row("kept", Duration.ofHours(47)),
        row("now", Duration.ZERO),
        row("soon", Duration.ofDays(-9)));
    Pipeline retaining = pipeline(RETAINING);
    write(retaining, row("another", Duration.ZERO));
    eventually("it is told", () -> !observer.all(RowsExpired.class).isEmpty());
    assertThat(observer.all(RowsExpired.class)).containsExactly(new RowsExpired("flights", 12_000));
    assertThat(database.rows("SELECT id FROM flights ORDER BY id"))
        .containsExactly("another", "kept", "now", "soon");
    assertThat(database.rows("SELECT indexdef FROM pg_indexes WHERE tablename = 'flights'"))
        .as("with which they are found")
        .anyMatch(index -> index.contains("brin (_event_time)"));
  }

  /** Rows of two partitions stand at the same places. */
  @Test
  void ofEachPartitionOnlyWhatIsOlderIsDeleted() {
    database.execute(
        """
        CREATE TABLE flights (id text, at timestamptz, _id text, _event_time timestamptz,
          _received_at timestamptz, _source text) PARTITION BY LIST (id);
        CREATE TABLE flights_a PARTITION OF flights FOR VALUES IN ('a');
        CREATE TABLE flights_b PARTITION OF flights FOR VALUES IN ('b');
        INSERT INTO flights VALUES ('a', now(), '1', now() - interval '9 days'),
          ('b', now(), '2', now()), ('a', now(), '3', now());
        CREATE UNIQUE INDEX ON flights_a (_id); CREATE UNIQUE INDEX ON flights_b (_id)\
        """);
    pipeline(RETAINING);
    eventually("it is told", () -> !observer.all(RowsExpired.class).isEmpty());
    assertThat(database.rows("SELECT _id FROM flights ORDER BY 1")).containsExactly("2", "3");
  }

  @Test
  void aRollupKeepsWhatItCounted() {
    String[] counting = {
      "key: $.id", "time: $.at", "rollups: {daily: {every: day, values: {rows: count}}}"
    };
    write(pipeline(counting), row("old", Duration.ofDays(30)), row("now", Duration.ZERO));
    eventually(
        "it is made",
        () -> database.count("SELECT count(*) FROM pg_class WHERE relname = 'daily'") == 1);
    eventually(
        "it is filled", () -> database.count("SELECT coalesce(sum(rows), 0) FROM daily") == 2);
    String[] both = {counting[0], counting[1], counting[2], "retain: 2d"};
    pipeline(both);
    eventually("it is told", () -> !observer.all(RowsExpired.class).isEmpty());
    assertThat(database.rows("SELECT id FROM flights")).containsExactly("now");
    assertThat(database.count("SELECT sum(rows) FROM daily")).isEqualTo(2);
  }

  /** That rows are looked for again in ten minutes holds up nothing that is due before. */
  @Test
  void whatATableThatIsNewIsToHaveDoesNotWaitForTheNextLook() {
    Pipeline pipeline =
        pipeline(
            "key: $.id",
            "time: $.at",
            "retain: 2d",
            "rollups: {daily: {every: day, values: {rows: count}}}",
            "indexes: [{columns: [id, at]}]");
    eventually(
        "it was looked for, and is not there",
        () ->
            database.count(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND application_name = 'escala-changes' AND state = 'idle'"
                        + " AND query LIKE 'SELECT c.relkind%'")
                == 1);
    write(pipeline, row("old", Duration.ofDays(30)), row("now", Duration.ZERO));
    eventually("old rows are deleted", () -> !observer.all(RowsExpired.class).isEmpty());
    assertThat(observer.all(RollupBuilt.class)).as("before that").hasSize(1);
    assertThat(database.count("SELECT sum(rows) FROM daily")).isEqualTo(2);
  }

  @Test
  void whatARollupHasNotCountedStays() {
    Pipeline pipeline =
        pipeline(
            "key: $.id",
            "time: $.at",
            "retain: 2d",
            "rollups: {daily: {every: day, values: {rows: count, most: max(delay)}}}");
    write(pipeline, row("old", Duration.ofDays(30)), row("now", Duration.ZERO));
    eventually("it is told", () -> !observer.all(RollupRefused.class).isEmpty());
    assertThat(observer.all(RollupRefused.class).getFirst().detail()).contains("no column delay");
    Instant at = Instant.now().minus(Duration.ofDays(30));
    write(pipeline, Messages.of("{\"id\":\"late\",\"at\":\"%s\",\"delay\":5}".formatted(at)));
    eventually("old rows are deleted", () -> !observer.all(RowsExpired.class).isEmpty());
    assertThat(observer.all(RowsExpired.class)).containsExactly(new RowsExpired("flights", 2));
    assertThat(database.count("SELECT sum(rows) FROM daily")).isEqualTo(3);
  }

  @Test
  void withoutItRowsStay() {
    write(pipeline("time: $.at"), row("old", Duration.ofDays(9000)));
    write(
        pipeline("time: $.at", "retain: 0s", "indexes: [{columns: id}]"),
        row("now", Duration.ZERO));
    eventually("the table was looked at", () -> !observer.all(IndexBuilt.class).isEmpty());
    assertThat(database.count("SELECT count(*) FROM flights")).isEqualTo(2);
  }
}
