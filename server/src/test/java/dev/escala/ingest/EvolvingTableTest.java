package dev.escala.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.Message;
import dev.escala.model.Outcome;
import dev.escala.model.ReasonCode;
import dev.escala.model.ReturnReason;
import dev.escala.observe.Observation;
import dev.escala.postgres.PostgresDatabase;
import dev.escala.postgres.PostgresSettings;
import dev.escala.testing.Messages;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables that messages, users and other instances change. */
@Tag("integration")
class EvolvingTableTest extends PipelineRun {
  @Test
  void tableIsInferred() {
    Message message =
        Messages.of(
            "1b4e28ba-2fa1-11d2-883f-0016d3cca427",
            """
            {"on":true,"n":9007199254740993,"d":1.10,"at":"2026-01-31T12:00:00.123456+01:00",
             "day":"2026-01-31","u":"1b4e28ba-2fa1-11d2-883f-0016d3cca427","o":{"a":[1,2.50]},
             "t":"x","nothing":null}\
            """);
    assertThat(write(pipeline(), message)).containsExactly(Outcome.STORED);
    assertThat(
            database.rows(
                "SELECT column_name || ' ' || data_type FROM information_schema.columns"
                    + " WHERE table_name = 'flights' ORDER BY ordinal_position"))
        .containsExactly(
            "on boolean",
            "n bigint",
            "d numeric",
            "at timestamp with time zone",
            "day date",
            "u uuid",
            "o jsonb",
            "t text",
            "_id uuid",
            "_event_time timestamp with time zone",
            "_received_at timestamp with time zone",
            "_source text");
    assertThat(
            database.rows(
                "SELECT \"on\", n, d, at, day, u, o, t, _id, _event_time, _source FROM flights"))
        .containsExactly(
            "t|9007199254740993|1.10|2026-01-31 11:00:00.123456+00|2026-01-31"
                + "|1b4e28ba-2fa1-11d2-883f-0016d3cca427|{\"a\": [1, 2.50]}|x"
                + "|1b4e28ba-2fa1-11d2-883f-0016d3cca427|2026-01-31 12:00:00.123456+00|http");
    assertThat(database.rows("SELECT has_table_privilege('escala_reader', 'flights', 'SELECT')"))
        .containsExactly("t");
    assertThat(
            database.rows(
                "SELECT relname FROM pg_class WHERE relnamespace = 'escala'::regnamespace"
                    + " AND relkind = 'r' AND has_table_privilege('escala_reader', oid, 'SELECT')"))
        .as("what a reader sees of Escala's own tables")
        .containsExactly("canary");
    assertThat(observer.all(Observation.TableCreated.class)).hasSize(1);
  }

  @Test
  void instancesMayStartAtOnce() throws Exception {
    try (ExecutorService instances = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Long>> counts = new ArrayList<>();
      for (int instance = 0; instance < 4; instance++) {
        int first = instance * 10;
        counts.add(
            instances.submit(
                () -> {
                  try (PostgresDatabase other =
                      PostgresDatabase.open(PostgresSettings.of(database.url()))) {
                    Pipeline pipeline = pipeline(other, "key: $.id");
                    return stored(write(pipeline, flights(40).subList(first, first + 10)));
                  }
                }));
      }
      for (Future<Long> count : counts) {
        assertThat(count.get()).isEqualTo(10);
      }
    }
    assertThat(database.count("SELECT count(*) FROM flights")).isEqualTo(40);
    assertThat(observer.all(Observation.TableCreated.class)).hasSize(1);
  }

  @Test
  void columnsAreAddedAndWidenedWithoutLoss() {
    Pipeline pipeline = pipeline();
    write(pipeline, Messages.of("1", "{\"n\":1,\"d\":\"2026-01-31\"}"));
    List<Outcome> outcomes =
        write(pipeline, Messages.of("2", "{\"n\":9223372036854775808,\"d\":\"soon\",\"new\":[1]}"));
    assertThat(outcomes).containsExactly(Outcome.STORED);
    assertThat(database.rows("SELECT n, d, new FROM flights ORDER BY n"))
        .containsExactly("1|2026-01-31|", "9223372036854775808|soon|[1]");
    assertThat(observer.all(Observation.ColumnWidened.class)).hasSize(2);
    assertThat(observer.all(Observation.ColumnAdded.class)).hasSize(1);
  }

  @Test
  void aTableThatIsLargeIsNotWrittenAnew() {
    write(pipeline(), Messages.of("1", "{\"n\":1,\"t\":\"x\"}"));
    database.execute("ALTER TABLE flights ALTER COLUMN t SET STORAGE PLAIN");
    database.execute(
        "INSERT INTO flights (n, t, _id, _event_time, _source) SELECT i, repeat('x', 7000),"
            + " gen_random_uuid(), now(), 's' FROM generate_series(1, 9000) i");
    assertThat(write(pipeline(), Messages.of("2", "{\"n\":\"text\"}")).getFirst())
        .isInstanceOf(Outcome.Rejected.class);
    assertThat(database.rows("SELECT pg_typeof(n) FROM flights LIMIT 1")).containsExactly("bigint");
  }

  @Test
  void aColumnThatAViewUsesIsNotWidened() {
    Pipeline pipeline = pipeline();
    write(pipeline, Messages.of("1", "{\"n\":1}"));
    database.execute("CREATE VIEW v AS SELECT n FROM flights");
    List<Outcome> outcomes =
        write(pipeline, Messages.of("2", "{\"n\":1.5}"), Messages.of("3", "{\"n\":2}"));
    assertThat(rejection(outcomes.get(0)).reason()).isEqualTo(ReasonCode.FIELD_TYPE);
    assertThat(outcomes.get(1)).isEqualTo(Outcome.STORED);
  }

  @Test
  void columnsAndTablesMayChangeUnderWay() {
    Pipeline pipeline = pipeline("key: $.id");
    write(pipeline, flight(1));
    database.execute("ALTER TABLE flights DROP COLUMN delay");
    assertThat(write(pipeline, flight(2))).containsExactly(Outcome.STORED);
    database.execute("ALTER TABLE flights RENAME COLUMN delay TO late");
    assertThat(write(pipeline, flight(3))).containsExactly(Outcome.STORED);
    database.execute("ALTER TABLE flights ADD COLUMN more int DEFAULT 7");
    assertThat(write(pipeline, flight(4))).containsExactly(Outcome.STORED);
    assertThat(database.rows("SELECT id, delay, late, more FROM flights ORDER BY id"))
        .containsExactly("f1|||7", "f2||2|7", "f3|3||7", "f4|4||7");
    database.execute("ALTER TABLE flights RENAME TO old");
    assertThat(write(pipeline, flight(5))).containsExactly(Outcome.STORED);
    assertThat(database.rows("SELECT id FROM flights")).containsExactly("f5");
  }

  @Test
  void tablesOfUsersKeepTheirWays() {
    database.execute("CREATE TYPE mood AS ENUM ('good', 'bad')");
    database.execute("CREATE DOMAIN code AS text CHECK (value ~ '^[A-Z?]+$')");
    database.execute(
        """
        CREATE TABLE flights (
          no int GENERATED BY DEFAULT AS IDENTITY, kind text NOT NULL DEFAULT 'new?',
          m mood, tags text[], ip inet, c code, name varchar(3), f float8, s smallint, i int,
          big numeric(38,18), len int GENERATED ALWAYS AS (length(name)) STORED, b bytea, j json)
        """);
    Pipeline pipeline = pipeline("unknown-fields: reject");
    List<Outcome> outcomes =
        write(
            pipeline,
            Messages.of(
                "1",
                """
                {"m":"good","tags":["a","b\\"c",null],"ip":"10.0.0.1","c":"LAX","name":"abc",
                 "f":0.1,"s":-5,"big":0.1,"b":"\\\\x00ff","j":{"b":1, "a":2}}\
                """),
            Messages.of("2", "{\"no\":77,\"kind\":\"x\",\"s\":1}"),
            Messages.of("3", "{\"m\":\"ugly\"}"),
            Messages.of("4", "{\"name\":\"abcd\"}"),
            Messages.of("5", "{\"i\":3000000000}"),
            Messages.of("6", "{\"kind\":null}"),
            Messages.of("7", "{\"c\":\"lax\"}"),
            Messages.of("8", "{\"len\":1}"));
    assertThat(outcomes.subList(0, 2)).containsExactly(Outcome.STORED, Outcome.STORED);
    assertThat(outcomes.subList(2, 8)).doesNotContain(Outcome.STORED);
    assertThat(outcomes.subList(2, 8).stream().map(one -> rejection(one).reason()))
        .containsExactly(
            ReasonCode.ROW_DATA,
            ReasonCode.FIELD_TOO_LONG,
            ReasonCode.FIELD_RANGE,
            ReasonCode.ROW_CONSTRAINT,
            ReasonCode.ROW_CONSTRAINT,
            ReasonCode.FIELD_UNKNOWN);
    assertThat(
            database.rows(
                "SELECT kind, m, tags, ip, c, name, f, s, big, len, b, j FROM flights ORDER BY s"))
        .containsExactly(
            "new?|good|{a,\"b\\\"c\",NULL}|10.0.0.1|LAX|abc|0.1|-5|0.100000000000000000|3"
                + "|\\x00ff|{\"b\":1, \"a\":2}",
            "x|||||||1||||");
    assertThat(database.rows("SELECT no FROM flights WHERE kind = 'x'")).containsExactly("77");
    assertThat(database.count("SELECT count(*) FROM flights WHERE no IS NULL")).isZero();
  }

  @Test
  void unknownFieldsAreKeptWhereConfigured() {
    Pipeline pipeline = pipeline("unknown-fields: keep", "columns: [{name: a, type: integer}]");
    write(pipeline, Messages.of("1", "{\"a\":1,\"b\":{\"c\":\"ü\"},\"q\\\"\":1.50,\"z\":null}"));
    assertThat(database.rows("SELECT a, _extra FROM flights"))
        .containsExactly("1|{\"b\": {\"c\": \"ü\"}, \"z\": null, \"q\\\"\": 1.50}");
  }

  private static Message withFields(String id, int from, int to) {
    return Messages.of(
        id,
        IntStream.range(from, to)
            .mapToObj(i -> "\"c" + i + "\":1")
            .collect(Collectors.joining(",", "{", "}")));
  }

  @Test
  void aMessageDoesNotTakeTheColumnsOfAllOthers() {
    Pipeline pipeline = pipeline();
    List<Outcome> outcomes =
        write(
            pipeline,
            withFields("first", 0, 200),
            withFields("too many", 1000, 1201),
            withFields("known", 0, 10));
    assertThat(stored(outcomes)).isEqualTo(2);
    assertThat(rejection(outcomes.get(1)).reason()).isEqualTo(ReasonCode.FIELD_UNKNOWN);

    assertThat(
            rejection(write(pipeline, withFields("more than half", 200, 351)).getFirst()).detail())
        .contains("too many new fields");
    assertThat(rejection(write(pipeline, withFields("this hour", 200, 260)).getFirst()).detail())
        .contains("within an hour");
    assertThat(write(pipeline, withFields("the rest of this hour", 200, 250)))
        .containsExactly(Outcome.STORED);
    assertThat(write(pipeline, withFields("known again", 0, 250))).containsExactly(Outcome.STORED);
  }

  @Test
  void exoticNamesAreColumns() {
    String message =
        "{\"_id\":1,\"Id\":2,\"id\":3,\"a\\\"b; DROP TABLE flights\":4,\"\":5,\"%s\":6}"
            .formatted("ä".repeat(60));
    assertThat(write(pipeline(), Messages.of("1", message))).containsExactly(Outcome.STORED);
    assertThat(
            database.rows(
                "SELECT payload_id, \"Id\", id, \"a\"\"b; DROP TABLE flights\", payload_ FROM"
                    + " flights"))
        .containsExactly("1|2|3|4|5");
  }

  @ParameterizedTest
  @ValueSource(strings = {"char(10)", "text COLLATE whatever_case"})
  void aKeyColumnThatTakesDifferentTextsForEqualIsRefused(String type) {
    database.execute(
        "CREATE COLLATION whatever_case (provider = icu, locale = 'und-u-ks-level2',"
            + " deterministic = false)");
    database.execute("CREATE TABLE flights (id text, _id " + type + ")");
    assertThat(failure(pipeline("key: $.id"), flight(1)).detail()).contains("different texts");
  }

  @Test
  void aKeyOfAnotherTypeIsAMatterOfConfiguration() {
    Pipeline pipeline = pipeline();
    write(pipeline, flight(1));
    database.execute("DROP TABLE flights");
    database.execute("CREATE TABLE flights (_id int)");
    assertThat(failure(pipeline, flight(2)).reason()).isEqualTo(ReturnReason.TABLE_MISCONFIGURED);
  }
}
