package dev.escala.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.Message;
import dev.escala.model.Outcome;
import dev.escala.model.ReasonCode;
import dev.escala.testing.Messages;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values of other types than their columns: what can be kept is stored. */
@Tag("integration")
class DriftTest extends PipelineRun {
  /** In any order, together or one by one, with what was stored before kept as it was. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void whichRowsAreKeptDoesNotDependOnTheirOrder(int seed) {
    List<String> values =
        new ArrayList<>(
            List.of(
                "1",
                "1.50",
                "true",
                "\"text\"",
                "\"2026-01-31\"",
                "\"2026-01-31T12:00:00Z\"",
                "\"2026-01-31 12:00:00\"",
                "\"3f0e9a6c-8a1b-4e2f-9c3d-1a2b3c4d5e6f\"",
                "[1, {\"a\": null}]",
                "null"));
    Collections.shuffle(values, new Random(seed));
    Pipeline pipeline = pipeline();
    int together = seed % 3 + 1;
    for (int from = 0; from < values.size(); from += together) {
      List<Message> messages =
          values.subList(from, Math.min(values.size(), from + together)).stream()
              .map(value -> Messages.of("{\"v\":" + value + "}"))
              .toList();
      assertThat(write(pipeline, messages)).as("%s", values).containsOnly(Outcome.STORED);
    }
    assertThat(database.count("SELECT count(v) FROM flights")).isEqualTo(values.size() - 1);
    assertThat(database.count("SELECT count(DISTINCT v::text) FROM flights"))
        .isEqualTo(values.size() - 1);
  }

  @Test
  void valuesSurviveWhateverTheirColumnBecomes() {
    Pipeline pipeline = pipeline();
    write(
        pipeline,
        Messages.of(
            "{\"n\":1.50,\"b\":true,\"d\":\"2026-01-31\",\"at\":\"2026-01-31T12:00:00+01:00\",\"local\":\"2026-01-31"
                + " 12:00:00.5\",\"u\":\"3f0e9a6c-8a1b-4e2f-9c3d-1a2b3c4d5e6f\","
                + "\"day\":\"2026-01-31\",\"list\":7}"));
    write(
        pipeline,
        Messages.of(
            "{\"n\":\"?\",\"b\":\"?\",\"d\":\"?\",\"at\":\"?\",\"local\":\"?\",\"u\":\"?\","
                + "\"day\":\"2026-02-01T00:00:00Z\",\"list\":[8]}"));
    assertThat(
            database.rows(
                "SELECT n, b, d, at, local, u, day, list, pg_typeof(day), pg_typeof(list)"
                    + " FROM flights ORDER BY n DESC"))
        .containsExactlyInAnyOrder(
            "1.50|true|2026-01-31|2026-01-31 11:00:00+00|2026-01-31 12:00:00.5"
                + "|3f0e9a6c-8a1b-4e2f-9c3d-1a2b3c4d5e6f|2026-01-31 00:00:00+00|7"
                + "|timestamp with time zone|jsonb",
            "?|?|?|?|?|?|2026-02-01 00:00:00+00|[8]|timestamp with time zone|jsonb");
  }

  @Test
  void aFileWhoseSecondHalfIsOfOtherTypesIsStored() {
    List<Message> messages =
        IntStream.range(0, 2_000)
            .mapToObj(
                i ->
                    i < 1_000
                        ? Messages.of("{\"id\":%d,\"gate\":%d}".formatted(i, i % 40))
                        : Messages.of(
                            "{\"id\":%d,\"gate\":\"B%d\",\"crew\":%d}".formatted(i, i, i)))
            .toList();
    assertThat(write(pipeline("key: $.id"), messages)).hasSize(2_000).containsOnly(Outcome.STORED);
    assertThat(database.rows("SELECT count(*), count(gate), count(crew) FROM flights"))
        .containsExactly("2000|2000|1000");
  }

  @Test
  void aRejectedMessageDoesNotShapeTheTableNorTakeNewColumnsAlong() {
    Pipeline pipeline = pipeline("key: $.id");
    write(pipeline, Messages.of("{\"id\":1,\"n\":1}"));
    List<Outcome> outcomes =
        write(
            pipeline,
            Messages.of("{\"n\":\"text\",\"of_rejected\":1}"),
            Messages.of("{\"id\":2,\"of_stored\":1}"),
            Messages.of("{\"id\":3,\"n\":\"a\\u0000b\",\"of_rejected\":1}"));
    assertThat(outcomes.get(1)).isEqualTo(Outcome.STORED);
    assertThat(List.of(outcomes.get(0), outcomes.get(2))).doesNotContain(Outcome.STORED);
    assertThat(
            database.rows(
                "SELECT attname || ' ' || atttypid::regtype FROM pg_attribute WHERE attrelid ="
                    + " 'flights'::regclass AND attnum > 0 AND attname !~ '^_' ORDER BY attnum"))
        .containsExactly("id bigint", "n bigint", "of_stored bigint");
  }

  @Test
  void afterTheAdviceOfTheHintTheNextMessageIsStored() {
    database.execute("CREATE TABLE flights (id bigint, n int, code varchar(3))");
    Pipeline pipeline = pipeline("key: $.id");
    write(pipeline, Messages.of("{\"id\":1,\"n\":1,\"code\":\"abc\"}"));
    Message text = Messages.of("{\"id\":2,\"n\":\"one\"}");
    assertThat(rejection(write(pipeline, text).getFirst()).detail()).contains("ALTER TABLE");
    database.execute("ALTER TABLE flights ALTER COLUMN n TYPE text");
    assertThat(write(pipeline, text)).containsExactly(Outcome.STORED);

    Message longer = Messages.of("{\"id\":3,\"code\":\"abcd\"}");
    assertThat(rejection(write(pipeline, longer).getFirst()).reason())
        .isEqualTo(ReasonCode.FIELD_TOO_LONG);
    database.execute("ALTER TABLE flights ALTER COLUMN code TYPE text");
    assertThat(write(pipeline, longer)).containsExactly(Outcome.STORED);
  }

  /** What somebody put on a table of ours may not fit the new type: the message is rejected. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE flights ADD CHECK (n < 1000)",
        "CREATE INDEX ON flights ((n + 1))",
        "CREATE INDEX ON flights (id) WHERE n > 5",
        "ALTER TABLE flights ALTER n SET DEFAULT 5 + 1, ADD CHECK (abs(n) < 1000)",
        "ALTER TABLE flights ADD twice bigint GENERATED ALWAYS AS (n * 2) STORED",
        "CREATE VIEW v AS SELECT sum(n) FROM flights",
      })
  void whatUsersPutOnATableForbidsTheChangeAndPausesNothing(String sql) {
    Pipeline pipeline = pipeline("key: $.id");
    write(pipeline, Messages.of("{\"id\":1,\"n\":1}"));
    database.execute(sql);
    List<Outcome> outcomes =
        write(
            pipeline,
            Messages.of("{\"id\":2,\"n\":\"text\"}"),
            Messages.of("{\"id\":3,\"n\":3,\"more\":1}"));
    assertThat(rejection(outcomes.get(0)).reason()).isEqualTo(ReasonCode.FIELD_TYPE);
    assertThat(outcomes.get(1)).isEqualTo(Outcome.STORED);
  }

  @Test
  void typesOfTablesThatUsersMadeAreTheirs() {
    database.execute("CREATE TABLE flights (n int, t text)");
    Pipeline pipeline = pipeline();
    List<Outcome> outcomes =
        write(
            pipeline,
            Messages.of("{\"n\":\"one\"}"),
            Messages.of("{\"n\":3000000000}"),
            Messages.of("{\"t\":5}"));
    assertThat(rejection(outcomes.get(0)).reason()).isEqualTo(ReasonCode.FIELD_TYPE);
    assertThat(outcomes.subList(1, 3)).containsOnly(Outcome.STORED);
    assertThat(database.rows("SELECT n, t FROM flights ORDER BY n"))
        .containsExactly("3000000000|", "|5");
  }
}
