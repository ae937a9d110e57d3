package dev.escala.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.decode.Decoder;
import dev.escala.model.Message;
import dev.escala.model.Outcome;
import dev.escala.model.ReasonCode;
import dev.escala.model.Rejection;
import dev.escala.model.ReturnReason;
import dev.escala.testing.Messages;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One message that PostgreSQL refuses in an unusual way must not stop a topic for ever. */
@Tag("integration")
class PoisonTest extends PipelineRun {
  private List<Outcome> write(List<Message> messages, String... settings) {
    return write(pipeline(settings), messages);
  }

  private static Message message(int id, String fields) {
    return Messages.of("m" + id, "{\"id\":" + id + (fields.isEmpty() ? "" : ",") + fields + "}");
  }

  /** The second of three is refused, the others are rows. */
  private Rejection onlyTheSecondIsRefused(String fields) {
    List<Outcome> outcomes =
        write(List.of(message(1, ""), message(2, fields), message(3, "")), "key: $.id");
    assertThat(outcomes.get(0)).isEqualTo(Outcome.STORED);
    assertThat(outcomes.get(2)).isEqualTo(Outcome.STORED);
    assertThat(outcomes.get(1)).isInstanceOf(Outcome.Rejected.class);
    assertThat(database.count("SELECT count(*) FROM escala.dead_letter")).isEqualTo(1);
    return ((Outcome.Rejected) outcomes.get(1)).rejection();
  }

  @Test
  void whatATriggerRaisesIsTheRowsFault() {
    database.execute(
        """
        CREATE TABLE flights (id bigint, note text);
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN
            IF NEW.note IS NOT NULL THEN RAISE EXCEPTION 'no notes'; END IF;
            RETURN NEW;
          END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON flights FOR EACH ROW EXECUTE FUNCTION refuse()
        """);
    Rejection rejection = onlyTheSecondIsRefused("\"note\":\"x\"");
    assertThat(rejection.reason()).isEqualTo(ReasonCode.ROW_CONSTRAINT);
    assertThat(rejection.sqlState()).isEqualTo("P0001");
    assertThat(rejection.detail()).contains("no notes");
  }

  @Test
  void whatAnIndexCannotHoldIsTheRowsFault() {
    database.execute("CREATE TABLE flights (id bigint, note text); CREATE INDEX ON flights (note)");
    String incompressible =
        new Random(1)
            .ints(20_000, 'a', 'z' + 1)
            .mapToObj(Character::toString)
            .collect(Collectors.joining());
    Rejection rejection = onlyTheSecondIsRefused("\"note\":\"" + incompressible + "\"");
    assertThat(rejection.reason()).isEqualTo(ReasonCode.ROW_DATA);
    assertThat(rejection.sqlState()).isEqualTo("54000");
  }

  @Test
  void aDeferredConstraintFindsItsRow() {
    database.execute(
        """
        CREATE TABLE airport (code text PRIMARY KEY);
        CREATE TABLE flights (id bigint,
          origin text REFERENCES airport DEFERRABLE INITIALLY DEFERRED)
        """);
    Rejection rejection = onlyTheSecondIsRefused("\"origin\":\"XXX\"");
    assertThat(rejection.reason()).isEqualTo(ReasonCode.ROW_CONSTRAINT);
    assertThat(rejection.sqlState()).isEqualTo("23503");
  }

  @Test
  void moreFieldsThanATableHasColumnsAreRejected() {
    String fields =
        IntStream.range(0, 2_000)
            .mapToObj(i -> "\"f" + i + "\":1")
            .collect(Collectors.joining(","));
    assertThat(onlyTheSecondIsRefused(fields).reason()).isEqualTo(ReasonCode.FIELD_UNKNOWN);
  }

  @Test
  void newFieldsOfManyMessagesTogetherStayWithinTheLimit() {
    String columns =
        IntStream.range(1, Decoder.MAX_COLUMNS - 100)
            .mapToObj(i -> ", g" + i + " bigint")
            .collect(Collectors.joining());
    database.execute("CREATE TABLE flights (id bigint" + columns + ")");
    List<Message> messages =
        IntStream.range(0, 200).mapToObj(i -> message(i, "\"f" + i + "\":1")).toList();
    List<Outcome> outcomes = write(messages, "key: $.id");
    assertThat(outcomes).filteredOn(Outcome.STORED::equals).hasSize(100);
    assertThat(outcomes).filteredOn(Outcome.Rejected.class::isInstance).hasSize(100);
  }

  @Test
  void anIdThatNoIndexCanHoldIsStillALetter() {
    String id = "id-" + new Random(1).ints(9_000, 0, 10).mapToObj(String::valueOf).toList();
    Message message = Messages.of(id, "no json");
    assertThat(write(List.of(message)).getFirst()).isInstanceOf(Outcome.Rejected.class);
    assertThat(write(List.of(message)).getFirst()).isInstanceOf(Outcome.Rejected.class);
    assertThat(database.rows("SELECT attempts FROM escala.dead_letter")).containsExactly("2");
  }

  @Test
  void aDefaultMayContainAQuestionMark() {
    database.execute(
        """
        CREATE TABLE flights (id bigint, note text DEFAULT 'who''s there?',
          known boolean DEFAULT ('{"a": 1}'::jsonb ? 'a'))
        """);
    assertThat(write(List.of(message(1, ""), message(2, "\"note\":null")), "key: $.id"))
        .containsOnly(Outcome.STORED);
    assertThat(database.rows("SELECT note, known FROM flights ORDER BY id"))
        .containsExactly("who's there?|t", "|t");
  }

  @Test
  void textsOfDifferentKindsInOneBatchAreText() {
    String uuid = "\"1b4e28ba-2fa1-11d2-883f-0016d3cca427\"";
    List<Message> messages =
        List.of(
            message(1, "\"v\":" + uuid),
            message(2, "\"v\":\"2026-01-31\""),
            message(3, "\"v\":\"2026-01-31T12:00:00Z\""));
    assertThat(write(messages, "key: $.id")).containsOnly(Outcome.STORED);
    assertThat(database.rows("SELECT pg_typeof(v) FROM flights LIMIT 1")).containsExactly("text");
  }

  @Test
  void aColumnThatAnotherInstanceMadeNarrowerIsWidened() {
    Pipeline slow = pipeline("key: $.id");
    write(slow, message(1, ""));
    assertThat(write(List.of(message(2, "\"v\":1")), "key: $.id")).containsOnly(Outcome.STORED);
    assertThat(write(slow, message(3, "\"v\":1.5"))).containsOnly(Outcome.STORED);
  }

  @Test
  void aMisspeltTypeIsForAPersonToCorrect() {
    database.execute("CREATE TABLE flights (id bigint)");
    assertThat(write(List.of(message(1, "")), "columns: [{ name: at, type: timestampz }]"))
        .containsExactly(new Outcome.Returned(ReturnReason.TABLE_MISCONFIGURED));
  }
}
